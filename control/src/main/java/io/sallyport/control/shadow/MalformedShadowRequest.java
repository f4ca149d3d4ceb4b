package io.sallyport.control.shadow;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request that says nothing that could be done. */
public final class MalformedShadowRequest extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient ShadowError error;
  private final @Nullable String clientToken;

  MalformedShadowRequest(ShadowError error, @Nullable String clientToken) {
    super(error.message());
    this.error = error;
    this.clientToken = clientToken;
  }

  ShadowError error() {
    return error;
  }

  /** The token, where it could be read. */
  @Nullable String clientToken() {
    return clientToken;
  }
}
