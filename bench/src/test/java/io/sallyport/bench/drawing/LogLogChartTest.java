package io.sallyport.bench.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

class LogLogChartTest {
  @Test
  void equalFactorsAreEqualDistances() throws Exception {
    var chart = chart(line("ours", point(1, 2), point(10, 20), point(100, 200)));

    var dots = SvgReader.elements(SvgReader.parse(chart.svg()), "circle");
    assertThat(dots).hasSize(3);
    assertThat(place(dots.get(1), "cx") - place(dots.get(0), "cx"))
        .isCloseTo(place(dots.get(2), "cx") - place(dots.get(1), "cx"), within());
    assertThat(place(dots.get(0), "cy") - place(dots.get(1), "cy"))
        .isPositive()
        .isCloseTo(place(dots.get(1), "cy") - place(dots.get(2), "cy"), within());
  }

  @Test
  void namesTheAxesTheServersAndTheFigures() throws Exception {
    var chart = chart(line("ours", point(1, 2.5)), line("theirs", point(1, 12)));

    assertThat(SvgReader.texts(SvgReader.parse(chart.svg()), "text"))
        .contains(
            "How cost grows", "connections", "CPU", "ours", "theirs", "2.5", "12", "1", "100");
  }

  @Test
  void whatIsNotAboveZeroHasNoPlaceAndBreaksNothing() throws Exception {
    var chart =
        chart(line("ours", point(1, 0), point(10, Double.POSITIVE_INFINITY), point(100, 7)));

    assertThat(SvgReader.elements(SvgReader.parse(chart.svg()), "circle")).hasSize(1);
    assertThat(chart.svg()).doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void aServerThatWasNotMeasuredHasNoLine() throws Exception {
    var chart = chart(line("ours"));

    assertThat(SvgReader.elements(SvgReader.parse(chart.svg()), "circle")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.05", "2, 2", "2.04, 2", "41.96, 42", "412325, 412325", "10, 10", "100, 100"})
  void figuresAreShort(double value, String text) {
    assertThat(LogLogChart.shortest(value)).isEqualTo(text);
  }

  private static LogLogChart chart(LogLogChart.Line... lines) {
    var marks = new TreeMap<>(Map.of(1.0, "1", 10.0, "10", 100.0, "100"));
    var panel = new LogLogChart.Panel("CPU", "connections", marks, List.of(lines));
    return new LogLogChart("How cost grows", List.of(panel));
  }

  private static LogLogChart.Line line(String name, LogLogChart.Point... points) {
    return new LogLogChart.Line(name, List.of(points));
  }

  private static LogLogChart.Point point(double across, double up) {
    return new LogLogChart.Point(across, up);
  }

  private static double place(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Offset<Double> within() {
    return Offset.offset(0.2);
  }
}
