package io.sallyport.bench.flame;

import io.sallyport.bench.drawing.Svg;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Draws a tree as a flame graph: callers below, whom they call above, widths as CPU time. */
final class FlameGraph {
  /** Pictures are kept beside the documentation, in the history of the sources. */
  static final int BYTES_MAX = 150 * 1_024;

  static final double FOLDED_BELOW = 0.003;

  private static final double COARSER = 1.4;
  private static final int WIDTH = 1_200;
  private static final int MARGIN = 10;
  private static final int ROW = 16;
  private static final int TITLE = 24;
  private static final double LETTER = 6.4;
  private static final int LETTERS_MIN = 3;
  private static final double NANOS_PER_MS = 1e6;

  private final String title;
  private final List<String> notes;
  private final CallTree tree;

  /**
   * Of a tree.
   *
   * @param notes what has to be known to read it, a line each
   */
  FlameGraph(String title, List<String> notes, CallTree tree) {
    this.title = title;
    this.notes = List.copyOf(notes);
    this.tree = tree;
  }

  /** The picture; the more there is to show, the coarser it is, so that it stays small. */
  String svg() {
    var foldedBelow = FOLDED_BELOW;
    var svg = svg(foldedBelow);
    while (svg.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      foldedBelow *= COARSER;
      svg = svg(foldedBelow);
    }
    return svg;
  }

  private String svg(double foldedBelow) {
    var boxes = Layout.of(tree, foldedBelow);
    var levels = boxes.stream().mapToInt(box -> box.level() + 1).max().orElse(0);
    var head = MARGIN + TITLE + ROW * (notes.size() + 2);
    var height = head + levels * ROW + MARGIN;
    var svg = new Svg(WIDTH, height, style());
    heading(svg, foldedBelow);
    for (var box : boxes) {
      draw(svg, box, height - MARGIN - (box.level() + 1) * ROW);
    }
    return svg.document();
  }

  private void heading(Svg svg, double foldedBelow) {
    var y = MARGIN + ROW;
    svg.text("h", MARGIN, y, title);
    for (var note : notes) {
      y += ROW;
      svg.text("", MARGIN, y, note);
    }
    y += ROW;
    svg.text(
        "",
        MARGIN,
        y,
        String.format(
            Locale.ROOT,
            "Callers below, whom they call above; below %.2g %% folded.",
            foldedBelow * 100));
    legend(svg, y + ROW);
  }

  private static void legend(Svg svg, double y) {
    double x = MARGIN;
    for (var kind : Frame.Kind.values()) {
      svg.rectangle(colour(kind, 0), x, y - ROW + 6, ROW - 4, ROW - 4);
      svg.text("", x + ROW, y, kind.label());
      x += 2 * ROW + kind.label().length() * LETTER;
    }
  }

  private void draw(Svg svg, Layout.Box box, double y) {
    var frame = box.frame();
    var room = WIDTH - 2 * MARGIN;
    var x = MARGIN + box.left() * room;
    var width = box.width() * room;
    svg.group(
        String.format(
            Locale.ROOT,
            "%s: %.1f %%, %.0f ms",
            frame.name(),
            100 * box.width(),
            box.nanos() / NANOS_PER_MS));
    var shade = Math.floorMod(frame.name().hashCode(), shades(frame.kind()).size());
    svg.rectangle(colour(frame.kind(), shade), x, y, width, ROW - 1);
    var letters = (int) ((width - 4) / LETTER);
    if (letters >= LETTERS_MIN) {
      svg.text("", x + 2, y + ROW - 4, fitted(frame.label(), letters));
    }
    svg.endGroup();
  }

  private static String fitted(String label, int letters) {
    return label.length() <= letters ? label : label.substring(0, letters - 1) + "…";
  }

  private static List<String> shades(Frame.Kind kind) {
    return switch (kind) {
      case OURS -> List.of("#4fb58a", "#5cbd94", "#69c59e", "#45ab80");
      case NETTY -> List.of("#f2b35d", "#f4bb6c", "#f0ab4e", "#f6c37c");
      case NATIVE -> List.of("#e37a6b", "#e68678", "#e06e5e", "#e99285");
      case JAVA -> List.of("#b9c4e0", "#c2cce4", "#b0bcdc", "#cbd4e8");
      case THREAD -> List.of("#d4cfc4");
      case FOLDED -> List.of("#ebe9e3");
    };
  }

  /** A kind has a hue, and the name chooses the shade, so that neighbours can be told apart. */
  private static String colour(Frame.Kind kind, int shade) {
    return kind.name().toLowerCase(Locale.ROOT) + shade;
  }

  private static String style() {
    var style = new StringBuilder("text{fill:#1c1c1c}.h{font-size:15px;font-weight:bold}");
    for (var kind : Frame.Kind.values()) {
      var shades = shades(kind);
      for (var shade = 0; shade < shades.size(); shade++) {
        style.append('.').append(colour(kind, shade));
        style.append("{fill:").append(shades.get(shade)).append('}');
      }
    }
    return style.toString();
  }
}
