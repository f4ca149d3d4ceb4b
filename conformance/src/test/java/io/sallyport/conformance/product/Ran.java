package io.sallyport.conformance.product;

/**
 * What became of one program.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 * @param beside what a program that it talked to had written last, for whoever reads a failure
 */
public record Ran(int exit, String out, String err, String beside) {
  // What a failure shows of the other program.
  private static final int BESIDE_MAX = 8_000;

  /** What became of a program that stood alone. */
  public Ran(int exit, String out, String err) {
    this(exit, out, err, "");
  }

  /** This, with what another program had written by then. */
  Ran beside(String written) {
    return new Ran(exit, out, err, written.substring(Math.max(0, written.length() - BESIDE_MAX)));
  }

  /** This, or a failure that shows everything the program said. */
  public Ran expecting(int expected) {
    if (exit != expected) {
      throw new AssertionError("expected exit " + expected + ", but " + this);
    }
    return this;
  }

  /** Both streams, for tools that do not care which they use. */
  public String said() {
    return out + err;
  }
}
