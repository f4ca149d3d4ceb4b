package io.sallyport.bench.flame;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stacks that share their beginnings, each with the CPU time that was spent in it. */
final class CallTree {
  private final Frame frame;
  private final Map<Frame, CallTree> children = new LinkedHashMap<>();
  private long nanos;

  CallTree(Frame frame) {
    this.frame = frame;
  }

  /** One sample: who called whom, the outermost first. */
  void add(List<Frame> stack, long sampled) {
    var node = this;
    node.nanos += sampled;
    for (var next : stack) {
      node = node.children.computeIfAbsent(next, CallTree::new);
      node.nanos += sampled;
    }
  }

  Frame frame() {
    return frame;
  }

  /** Spent here and in everything called from here. */
  long nanos() {
    return nanos;
  }

  /** In the order of their names, so that the same stacks give the same picture. */
  List<CallTree> children() {
    return children.values().stream()
        .sorted(
            Comparator.comparing((CallTree child) -> child.frame.name())
                .thenComparing(child -> child.frame.kind()))
        .toList();
  }
}
