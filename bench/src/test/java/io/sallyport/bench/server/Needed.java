package io.sallyport.bench.server;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of this machine. */
public final class Needed {
  /** Set to 1 where all of it is there on purpose, so that no test can be lost unnoticed. */
  private static final String REQUIRED = "SALLYPORT_REQUIRE_TOOLS";

  private Needed() {}

  /** Goes on only if it is there; says aloud that it is not, and fails where it must be. */
  @SuppressWarnings("SystemOut") // Skipped aloud: a log level must not hide it.
  public static void that(boolean isThere, String missing) {
    if (isThere) {
      return;
    }
    System.err.println("SKIPPED " + missing);
    if ("1".equals(System.getenv(REQUIRED))) {
      throw new AssertionError(missing + ", but " + REQUIRED + "=1 asks for it");
    }
    Assumptions.abort(missing);
  }
}
