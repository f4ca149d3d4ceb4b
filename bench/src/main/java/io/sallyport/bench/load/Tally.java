package io.sallyport.bench.load;

import java.util.Map;

/** What became of the attempts of an attack; one thread uses it. */
final class Tally {
  private long begun;
  private long served;
  private long refused;
  private long underWay;

  void begun() {
    begun++;
    underWay++;
  }

  /** The server did what was asked for. */
  void served() {
    served++;
    underWay--;
  }

  /** The server turned it away. */
  void refused() {
    refused++;
    underWay--;
  }

  /** Attempts that are neither yet. */
  long underWay() {
    return underWay;
  }

  /** What happened since the last call. */
  Map<String, Double> mark() {
    var counted =
        Map.of(
            "attempts", (double) begun,
            "served", (double) served,
            "refused", (double) refused,
            "held", (double) underWay);
    begun = 0;
    served = 0;
    refused = 0;
    return counted;
  }
}
