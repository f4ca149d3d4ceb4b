package io.sallyport.control.store;

/** The database did not do its part: a disk, a network, a schema that is not ours. */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A registry that cannot be used.
   *
   * @param message what is wrong with it, and what to do
   */
  public StoreUnavailable(String message) {
    super(message);
  }
}
