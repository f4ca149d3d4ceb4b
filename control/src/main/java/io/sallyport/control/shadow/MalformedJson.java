package io.sallyport.control.shadow;

import java.io.Serial;

/** Bytes that are not one JSON value in UTF-8, or a member twice. */
public final class MalformedJson extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final boolean encoding;

  MalformedJson(String message, boolean encoding) {
    super(message);
    this.encoding = encoding;
  }

  /** Whether they are not even text in UTF-8. */
  public boolean isEncoding() {
    return encoding;
  }
}
