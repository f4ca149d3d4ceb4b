package io.sallyport.bench;

import java.util.List;

/** The middle of some samples: one disturbed round does not move it. */
final class Median {
  private Median() {}

  static double of(List<Double> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    var sorted = samples.stream().sorted().toList();
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
