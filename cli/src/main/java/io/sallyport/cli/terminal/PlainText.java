package io.sallyport.cli.terminal;

/** Makes text from outside safe to print: a server or a device must not drive the terminal. */
public final class PlainText {
  private PlainText() {}

  /**
   * The text on one line: control characters, line and paragraph separators, and the marks that
   * reverse the reading direction become question marks.
   */
  public static String line(String text) {
    var plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.appendCodePoint(isPrintable(c) ? c : '?'));
    return plain.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
