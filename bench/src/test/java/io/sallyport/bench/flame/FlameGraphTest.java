package io.sallyport.bench.flame;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.drawing.SvgReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlameGraphTest {
  @Test
  void saysWhoHadHowMuch() throws Exception {
    var tree = new CallTree(Frame.note("all"));
    var gate = Frame.thread("gate-1");
    tree.add(List.of(gate, Frame.method("io.sallyport.gateway.Door", "open", false)), 75_000_000);
    tree.add(List.of(gate, Frame.method("a.b.SSL", "<init>", true)), 25_000_000);

    var document =
        SvgReader.parse(new FlameGraph("publish: 50 → 1", List.of("100 samples"), tree).svg());

    assertThat(SvgReader.texts(document, "title"))
        .containsExactly(
            "all: 100.0 %, 100 ms",
            "gate-1: 100.0 %, 100 ms",
            "a.b.SSL.<init>: 25.0 %, 25 ms",
            "io.sallyport.gateway.Door.open: 75.0 %, 75 ms");
    assertThat(SvgReader.texts(document, "text"))
        .contains("publish: 50 → 1", "100 samples", "gate-1", "Door.open", "SSL.<init>");
  }

  @Test
  void whoseCodeItIsCanBeSeen() {
    assertThat(
            List.of(
                Frame.method("io.sallyport.gateway.Door", "open", false).kind(),
                Frame.method("io.netty.channel.epoll.EpollIoHandler", "run", false).kind(),
                Frame.method("io.netty.internal.tcnative.SSL", "readFromSSL", true).kind(),
                Frame.method("java.lang.Thread", "run", false).kind()))
        .containsExactly(Frame.Kind.OURS, Frame.Kind.NETTY, Frame.Kind.NATIVE, Frame.Kind.JAVA);
  }

  @Test
  void aHiddenClassHasTheSameNameInEachRun() {
    assertThat(Frame.method("io.sallyport.A$$Lambda.0x00007f1c8c0b3a28", "run", false))
        .isEqualTo(Frame.method("io.sallyport.A$$Lambda+0x0000000801234567", "run", false));
  }

  @Test
  void theSameStacksGiveTheSamePictureInWhateverOrder() {
    var stacks = stacks(new SplittableRandom(5), 300);
    var first = new CallTree(Frame.note("all"));
    stacks.forEach(stack -> first.add(stack, 1_000));
    var second = new CallTree(Frame.note("all"));
    stacks.reversed().forEach(stack -> second.add(stack, 1_000));

    assertThat(new FlameGraph("one", List.of(), second).svg())
        .isEqualTo(new FlameGraph("one", List.of(), first).svg());
  }

  @Test
  void staysSmallHoweverMuchThereIsToShow() throws Exception {
    var tree = new CallTree(Frame.note("all"));
    stacks(new SplittableRandom(6), 250).forEach(stack -> tree.add(stack, 1_000));
    // As the rule of 0.3 % alone would leave it, it would be far too large.
    assertThat(Layout.of(tree, FlameGraph.FOLDED_BELOW)).hasSizeGreaterThan(5_000);

    var svg = new FlameGraph("large", List.of(), tree).svg();

    assertThat(svg.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(FlameGraph.BYTES_MAX);
    SvgReader.parse(svg);
  }

  private static List<List<Frame>> stacks(SplittableRandom random, int number) {
    var stacks = new ArrayList<List<Frame>>();
    for (var i = 0; i < number; i++) {
      var stack = new ArrayList<Frame>();
      for (var depth = 0; depth < 60; depth++) {
        var type = "some.quite.deep.package.Type" + random.nextInt(50);
        stack.add(Frame.method(type, "method" + random.nextInt(50), random.nextInt(9) == 0));
      }
      stacks.add(stack);
    }
    return stacks;
  }
}
