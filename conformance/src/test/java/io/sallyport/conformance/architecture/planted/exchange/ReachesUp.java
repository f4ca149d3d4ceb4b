package io.sallyport.conformance.architecture.planted.exchange;

import io.sallyport.conformance.architecture.planted.gateway.KnowsControl;

final class ReachesUp {
  boolean reaches(Object other) {
    return other instanceof KnowsControl;
  }
}
