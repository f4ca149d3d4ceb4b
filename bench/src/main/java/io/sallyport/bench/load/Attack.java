package io.sallyport.bench.load;

/** What a server can be besieged with, and how often a second at full strength. */
public enum Attack {
  NONE("nobody attacks", 0),
  STRANGERS("full handshakes of strangers", 500),
  HALF_OPEN("half-open handshakes", 2_000),
  SILENCE("TCP connections without a byte", 1_000),
  FRAGMENTS("handshakes in fragments of one byte", 20),
  KEY_UPDATES("key updates without end", 2_000),
  MALFORMED("malformed packets after a good handshake", 50),
  FLOOD("publications of one device over its rate", 5_000),
  DENIED("publications that are denied", 5_000),
  REPLAYS("first flights with a replayed ticket", 500);

  private final String label;
  private final int rate;

  Attack(String label, int rate) {
    this.label = label;
    this.rate = rate;
  }

  public String label() {
    return label;
  }

  /** Attempts a second. */
  public int rate() {
    return rate;
  }
}
