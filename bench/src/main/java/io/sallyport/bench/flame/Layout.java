package io.sallyport.bench.flame;

import java.util.ArrayList;
import java.util.List;

/** Where each frame of a tree goes: as wide as its share of the time, on top of its caller. */
final class Layout {
  /**
   * A frame's place.
   *
   * @param level how many frames are below it
   * @param left where it begins, and how wide it is, in parts of the whole
   */
  record Box(Frame frame, int level, double left, double width, long nanos) {}

  private final double foldedBelow;
  private final double whole;
  private final List<Box> boxes = new ArrayList<>();

  private Layout(double foldedBelow, double whole) {
    this.foldedBelow = foldedBelow;
    this.whole = whole;
  }

  /**
   * Places a tree; its root is the first.
   *
   * @param foldedBelow the share of the whole below which calls of one frame are shown as one, or
   *     not at all if even that is smaller
   */
  static List<Box> of(CallTree root, double foldedBelow) {
    var layout = new Layout(foldedBelow, root.nanos());
    if (root.nanos() > 0) {
      layout.place(root, 0, 0);
    }
    return List.copyOf(layout.boxes);
  }

  private void place(CallTree node, int level, double left) {
    boxes.add(new Box(node.frame(), level, left, node.nanos() / whole, node.nanos()));
    var next = left;
    var small = 0;
    var smallNanos = 0L;
    for (var child : node.children()) {
      if (child.nanos() / whole < foldedBelow) {
        small++;
        smallNanos += child.nanos();
      } else {
        place(child, level + 1, next);
        next += child.nanos() / whole;
      }
    }
    if (small > 0 && smallNanos / whole >= foldedBelow) {
      var folded = Frame.note(small + " more");
      boxes.add(new Box(folded, level + 1, next, smallNanos / whole, smallNanos));
    }
  }
}
