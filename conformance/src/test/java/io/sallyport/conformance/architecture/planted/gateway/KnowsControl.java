package io.sallyport.conformance.architecture.planted.gateway;

import io.sallyport.conformance.architecture.planted.control.HoldsKey;

/** Public, so that the planted control can complete the circle. */
public final class KnowsControl {
  public boolean knows(Object other) {
    return other instanceof HoldsKey;
  }
}
