package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class GrowthTest {
  private static final int PACKET_SIZE_MAX = 256 * 1_024;

  @ParameterizedTest
  @EnumSource
  void everyoneWhoTakesPartIsKnown(Growth growth) {
    for (var limit : List.of(1, 1_000, Integer.MAX_VALUE)) {
      for (var size : growth.sizes(limit)) {
        var fleet = growth.fleet(growth.sizes(limit).getLast());
        for (var shape : List.of(growth.shape(size), Growth.warming())) {
          assertThat(shape.publishers()).isLessThanOrEqualTo(fleet.devices());
          assertThat(shape.subscribers()).isLessThanOrEqualTo(fleet.backends());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyOneThingGrows(Growth growth) {
    var shapes = growth.sizes().stream().map(growth::shape).toList();

    assertThat(
            List.of(
                shapes.stream().map(Shape::publishers).distinct().count(),
                shapes.stream().map(Shape::subscribers).distinct().count(),
                shapes.stream().map(Shape::payload).distinct().count()))
        .containsOnlyOnce((long) shapes.size())
        .contains(1L);
    assertThat(shapes.stream().map(Shape::rate).distinct()).hasSize(1);
  }

  @Test
  void theLargestMessageIsNoLargerThanOurDefaultTakes() {
    assertThat(Growth.PAYLOAD.sizes().getLast()).isLessThan(PACKET_SIZE_MAX - 512);
  }

  @Test
  void aLimitLeavesLargerSizesOut() {
    assertThat(Growth.CONNECTIONS.sizes(100)).containsExactly(1, 10, 100);
    assertThat(Growth.PAYLOAD.sizes(15)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--up-to 0, --up-to 0 leaves nothing of",
    "--what payload --up-to 15, leaves nothing of payload",
    "--what latency, expected one of"
  })
  void wrongUseIsSaidBeforeAnythingStarts(String arguments, String why) {
    var said = new StringWriter();
    var command =
        new CommandLine(new GrowthCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setErr(new PrintWriter(said));

    assertThat(command.execute(arguments.split(" ", -1))).isEqualTo(2);
    assertThat(said.toString()).contains(why);
  }

  @Test
  void severalChartsHaveNamesOfTheirOwn() {
    assertThat(GrowthCommand.chartOf(Path.of("docs/cost.svg"), Growth.PAYLOAD))
        .isEqualTo(Path.of("docs/cost-payload.svg"));
    assertThat(GrowthCommand.chartOf(Path.of("cost"), Growth.CONNECTIONS))
        .isEqualTo(Path.of("cost-connections"));
  }
}
