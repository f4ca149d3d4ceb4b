package io.sallyport.cli.terminal;

/** Colours by meaning, in the eight that every terminal has. */
public enum Colour {
  GOOD("\u001b[32m"),
  WARNING("\u001b[33m"),
  BAD("\u001b[31m"),
  HEADING("\u001b[1m");

  static final String OFF = "\u001b[0m";

  private final String sequence;

  Colour(String sequence) {
    this.sequence = sequence;
  }

  String sequence() {
    return sequence;
  }
}
