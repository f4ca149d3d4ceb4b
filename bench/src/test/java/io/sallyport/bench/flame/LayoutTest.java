package io.sallyport.bench.flame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
  private static final Offset<Double> WITHIN = Offset.offset(1e-9);

  @Test
  void aFrameIsAsWideAsItsShareAndStandsOnItsCaller() {
    var tree = new CallTree(Frame.note("all"));
    tree.add(List.of(method("a"), method("b")), 30);
    tree.add(List.of(method("a")), 10);
    tree.add(List.of(method("c")), 60);

    assertThat(Layout.of(tree, 0))
        .containsExactly(
            new Layout.Box(Frame.note("all"), 0, 0, 1, 100),
            new Layout.Box(method("a"), 1, 0, 0.4, 40),
            new Layout.Box(method("b"), 2, 0, 0.3, 30),
            new Layout.Box(method("c"), 1, 0.4, 0.6, 60));
  }

  @Test
  void smallCallsOfOneFrameBecomeOneBoxIfThatCanBeSeen() {
    var tree = new CallTree(Frame.note("all"));
    tree.add(List.of(method("large")), 980);
    for (var i = 0; i < 10; i++) {
      tree.add(List.of(method("small" + i)), 2);
    }

    assertThat(Layout.of(tree, 0.003))
        .extracting(box -> box.frame().name())
        .containsExactly("all", "Some.large", "10 more");
    assertThat(Layout.of(tree, 0.05))
        .extracting(box -> box.frame().name())
        .containsExactly("all", "Some.large");
  }

  @Test
  void nothingIsLaidOutAsNothing() {
    assertThat(Layout.of(new CallTree(Frame.note("all")), 0.003)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noFrameIsWiderThanItsCallerAndNoTwoOverlap(long seed) {
    var random = new SplittableRandom(seed);
    var boxes = Layout.of(seeded(random), random.nextInt(2) * 0.003);

    assertThat(boxes.getFirst().width()).isEqualTo(1);
    var callers = new ArrayList<Layout.Box>();
    var ends = new ArrayList<Double>();
    for (var box : boxes) {
      while (callers.size() > box.level()) {
        callers.removeLast();
      }
      while (ends.size() > box.level() + 1) {
        ends.removeLast();
      }
      if (box.level() > 0) {
        var caller = callers.getLast();
        assertThat(box.left()).isGreaterThanOrEqualTo(caller.left() - 1e-9);
        assertThat(box.left() + box.width())
            .isLessThanOrEqualTo(caller.left() + caller.width() + 1e-9);
      }
      if (ends.size() > box.level()) {
        assertThat(box.left()).isGreaterThanOrEqualTo(ends.removeLast() - 1e-9);
      }
      ends.add(box.left() + box.width());
      callers.add(box);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void withNothingFoldedTheWidthsOfAllSamplesAddUp(long seed) {
    var tree = seeded(new SplittableRandom(seed));
    var boxes = Layout.of(tree, 0);

    // Every sample has a method, so the first level is as wide as the whole.
    assertThat(boxes.stream().filter(box -> box.level() == 1).mapToDouble(Layout.Box::width).sum())
        .isCloseTo(1, WITHIN);
    assertThat(boxes.stream().filter(box -> box.level() == 1).mapToLong(Layout.Box::nanos).sum())
        .isEqualTo(tree.nanos());
  }

  private static CallTree seeded(SplittableRandom random) {
    var tree = new CallTree(Frame.note("all"));
    for (var sample = 0; sample < 2_000; sample++) {
      var stack = new ArrayList<Frame>();
      for (var depth = random.nextInt(1, 30); depth > 0; depth--) {
        stack.add(method("m" + random.nextInt(1, 6)));
      }
      tree.add(stack, random.nextLong(1, 1_000_000));
    }
    return tree;
  }

  private static Frame method(String name) {
    return Frame.method("Some", name, false);
  }
}
