package io.sallyport.policy;

import java.util.function.IntPredicate;

/** A string of a document and where it stands. */
record Text(String value, Place at) {
  private static final int SHOWN_MAX = 80;

  MalformedPolicy refuse(MalformedPolicy.Reason reason, String message) {
    return at.refuse(reason, message);
  }

  /** The text in quotation marks for a message: shortened, and with nothing that moves a cursor. */
  String quoted() {
    return quoted(value);
  }

  static String quoted(String value) {
    var shown = new StringBuilder("'");
    value
        .codePoints()
        .limit(SHOWN_MAX)
        .map(letter -> isPrintable(letter) ? letter : '\uFFFD')
        .forEach(shown::appendCodePoint);
    if (value.codePointCount(0, value.length()) > SHOWN_MAX) {
      shown.append("...");
    }
    return shown.append('\'').toString();
  }

  /** Refuses what no MQTT name may hold, and what would deceive a reader of the log. */
  Text printable(int lengthMax) throws MalformedPolicy {
    if (value.length() > lengthMax) {
      throw refuse(
          MalformedPolicy.Reason.TEXT, "longer than " + lengthMax + " characters: " + quoted());
    }
    if (!isPrintable(value)) {
      throw refuse(
          MalformedPolicy.Reason.TEXT, "a control character or half a character in " + quoted());
    }
    return this;
  }

  static boolean isPrintable(String value) {
    return value.codePoints().allMatch(Text::isPrintable);
  }

  private static boolean isPrintable(int letter) {
    IntPredicate surrogate =
        point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    return !Character.isISOControl(letter) && !surrogate.test(letter);
  }
}
