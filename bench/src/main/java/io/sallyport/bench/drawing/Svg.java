package io.sallyport.bench.drawing;

import java.util.Locale;

/** A static SVG picture, written shape by shape; every text in it is escaped. */
public final class Svg {
  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder();

  /**
   * A picture on a light ground of its own, so that it can be read on a light page and on a dark
   * one.
   *
   * @param style the rules (CSS) of the classes that its shapes have
   */
  public Svg(int width, int height, String style) {
    out.append(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                .formatted(width, height))
        .append(
            " viewBox=\"0 0 %d %d\" font-family=\"Helvetica,Arial,sans-serif\""
                .formatted(width, height))
        .append(" font-size=\"11\">\n<style>")
        .append(style)
        .append("</style>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#fdfdfb\"/>\n");
  }

  /** What comes until the group's end has this as its tooltip. */
  public void group(String tooltip) {
    out.append("<g><title>").append(escaped(tooltip)).append("</title>");
  }

  public void endGroup() {
    out.append("</g>\n");
  }

  public void rectangle(String style, double x, double y, double width, double height) {
    out.append("<rect class=\"").append(style).append('"');
    attribute("x", x);
    attribute("y", y);
    attribute("width", width);
    attribute("height", height);
    out.append("/>");
  }

  public void circle(String style, double x, double y, double radius) {
    out.append("<circle class=\"").append(style).append('"');
    attribute("cx", x);
    attribute("cy", y);
    attribute("r", radius);
    out.append("/>");
  }

  public void line(String style, double x1, double y1, double x2, double y2) {
    out.append("<line class=\"").append(style).append('"');
    attribute("x1", x1);
    attribute("y1", y1);
    attribute("x2", x2);
    attribute("y2", y2);
    out.append("/>\n");
  }

  /** A text without a style of its own is that of a box. */
  public void text(String style, double x, double y, String text) {
    out.append("<text");
    if (!style.isEmpty()) {
      out.append(" class=\"").append(style).append('"');
    }
    attribute("x", x);
    attribute("y", y);
    out.append('>').append(escaped(text)).append("</text>");
  }

  /** A text that is read from below upwards. */
  public void upwards(String style, double x, double y, String text) {
    out.append("<g transform=\"translate(").append(number(x)).append(' ').append(number(y));
    out.append(") rotate(-90)\">");
    text(style, 0, 0, text);
    endGroup();
  }

  /** The whole document. */
  public String document() {
    return out + "</svg>\n";
  }

  private void attribute(String name, double value) {
    out.append(' ').append(name).append("=\"").append(number(value)).append('"');
  }

  /** Tenths of a pixel are as fine as anybody sees. */
  private static String number(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** As XML 1.0 takes it; characters that it has no place for are replaced. */
  static String escaped(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(legal(c) ? c : REPLACEMENT);
              }
            });
    return escaped.toString();
  }

  private static boolean legal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < Character.MIN_SURROGATE)
        || (c > Character.MAX_SURROGATE && c != 0xFFFE && c != 0xFFFF);
  }
}
