package io.sallyport.exchange;

import org.jspecify.annotations.Nullable;

/** The exchange cannot do its work: its store cannot be opened, read or written. */
public final class ExchangeUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ExchangeUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
