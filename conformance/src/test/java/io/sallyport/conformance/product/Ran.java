package io.sallyport.conformance.product;

/**
 * What became of one program.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Ran(int exit, String out, String err) {
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
