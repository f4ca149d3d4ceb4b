package io.sallyport.control.rest;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.MetricsSource.Histogram;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every number of the process in the text format of Prometheus. */
final class MetricsText {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final List<MetricsSource> sources;

  MetricsText(List<MetricsSource> sources) {
    this.sources = List.copyOf(sources);
  }

  byte[] render() {
    var byName = new LinkedHashMap<String, List<Metric>>();
    for (var source : sources) {
      source.collect(
          metric -> byName.computeIfAbsent(metric.name(), _ -> new ArrayList<>()).add(metric));
    }
    var snapshots = MetricSnapshots.builder();
    byName.values().forEach(metrics -> snapshots.metricSnapshot(snapshot(metrics)));
    histograms().forEach(histograms -> snapshots.metricSnapshot(histogram(histograms)));
    var out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, snapshots.build(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Collection<List<Histogram>> histograms() {
    var byName = new LinkedHashMap<String, List<Histogram>>();
    for (var source : sources) {
      source.collectHistograms(
          one -> byName.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(one));
    }
    return byName.values();
  }

  private static MetricSnapshot histogram(List<Histogram> histograms) {
    var first = histograms.getFirst();
    var snapshot = HistogramSnapshot.builder().name(first.name()).help(first.help());
    for (var one : histograms) {
      var bounds = new ArrayList<>(one.bounds());
      bounds.add(Double.POSITIVE_INFINITY);
      snapshot.dataPoint(
          HistogramSnapshot.HistogramDataPointSnapshot.builder()
              .labels(labels(one.labels()))
              .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, one.counts()))
              .sum(one.sum())
              .build());
    }
    return snapshot.build();
  }

  private static MetricSnapshot snapshot(List<Metric> metrics) {
    var first = metrics.getFirst();
    return switch (first.type()) {
      case COUNTER -> {
        var counter = CounterSnapshot.builder().name(withoutTotal(first.name())).help(first.help());
        for (var metric : metrics) {
          counter.dataPoint(
              CounterSnapshot.CounterDataPointSnapshot.builder()
                  .labels(labels(metric.labels()))
                  .value(metric.value())
                  .build());
        }
        yield counter.build();
      }
      case GAUGE -> {
        var gauge = GaugeSnapshot.builder().name(first.name()).help(first.help());
        for (var metric : metrics) {
          gauge.dataPoint(
              GaugeSnapshot.GaugeDataPointSnapshot.builder()
                  .labels(labels(metric.labels()))
                  .value(metric.value())
                  .build());
        }
        yield gauge.build();
      }
    };
  }

  /** The writer adds the suffix by itself. */
  private static String withoutTotal(String name) {
    return name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
  }

  private static Labels labels(Map<String, String> labels) {
    var builder = Labels.builder();
    labels.forEach(builder::label);
    return builder.build();
  }
}
