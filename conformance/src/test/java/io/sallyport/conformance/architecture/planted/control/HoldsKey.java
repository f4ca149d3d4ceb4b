package io.sallyport.conformance.architecture.planted.control;

import io.sallyport.conformance.architecture.planted.gateway.KnowsControl;
import java.security.PrivateKey;

/** Public, so that the planted gateway can know it. */
public final class HoldsKey {
  private final PrivateKey key;

  HoldsKey(PrivateKey key) {
    this.key = key;
  }

  boolean fits(KnowsControl gateway) {
    return gateway.knows(key);
  }
}
