package io.sallyport.bench.load;

import java.io.Serial;

/** The server under test did not do what the load needs; the measurement is void. */
public final class LoadFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LoadFailure(String message) {
    super(message);
  }

  public LoadFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
