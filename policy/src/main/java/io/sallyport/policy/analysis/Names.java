package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The languages that every question is asked within. */
public final class Names {
  /** Well-formed UTF-8 without U+0000, not empty: whatever else is asked for is never allowed. */
  public static final Language ALL = Language.of(wellFormed().repeat(1));

  /** Ids of principals, of any length: whatever a long one can do, a shorter one can. */
  public static final Language IDS = Language.of(letters("A-Za-z0-9:_-").repeat(1));

  /** Names without the wildcards of MQTT. */
  public static final Language TOPICS = Language.of(inLevel().union(letters("/")).repeat(1));

  /** Well-formed filters without a share group (MQTT 5, 4.7.1). */
  public static final Language FILTERS = filters();

  private Names() {}

  /** Every name that begins so. */
  public static Language beginningWith(String text) {
    return Language.of(word(text).concatenate(wellFormed().repeat()));
  }

  /** This one name. */
  public static Language only(String name) {
    return Language.of(word(name));
  }

  static Automaton word(String text) {
    var word = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      word.append((char) (b & 0xFF));
    }
    return Automaton.makeString(word.toString());
  }

  /** One of these ASCII letters; {@code A-Z} is a range. */
  static Automaton letters(String of) {
    var all = Automaton.makeEmpty();
    for (int i = 0; i < of.length(); i++) {
      if (i + 2 < of.length() && of.charAt(i + 1) == '-') {
        all = all.union(Automaton.makeCharRange(of.charAt(i), of.charAt(i + 2)));
        i += 2;
      } else {
        all = all.union(Automaton.makeChar(of.charAt(i)));
      }
    }
    return all;
  }

  /** One code point (Unicode, table 3-7), but not U+0000. */
  static Automaton wellFormed() {
    return Automaton.makeCharRange('\1', '\177').union(multiByte());
  }

  /** One code point of a level of a topic. */
  static Automaton inLevel() {
    return Automaton.makeCharRange('\1', '\177').minus(letters("+#/")).union(multiByte());
  }

  private static Automaton multiByte() {
    var more = bytes(0x80, 0xBF);
    return Automaton.union(
        List.of(
            chain(bytes(0xC2, 0xDF), more),
            chain(bytes(0xE0, 0xE0), bytes(0xA0, 0xBF), more),
            chain(bytes(0xE1, 0xEC), more, more),
            chain(bytes(0xED, 0xED), bytes(0x80, 0x9F), more),
            chain(bytes(0xEE, 0xEF), more, more),
            chain(bytes(0xF0, 0xF0), bytes(0x90, 0xBF), more, more),
            chain(bytes(0xF1, 0xF3), more, more, more),
            chain(bytes(0xF4, 0xF4), bytes(0x80, 0x8F), more, more)));
  }

  private static Automaton bytes(int first, int last) {
    return Automaton.makeCharRange((char) first, (char) last);
  }

  private static Automaton chain(Automaton... parts) {
    return Automaton.concatenate(List.of(parts));
  }

  private static Language filters() {
    var level = inLevel().repeat().union(letters("+"));
    var further = letters("/").concatenate(level).repeat();
    var toTheEnd = letters("/").concatenate(letters("#")).optional();
    var plain = level.concatenate(further).concatenate(toTheEnd).union(letters("#"));
    return Language.of(plain.minus(Automaton.makeEmptyString()));
  }
}
