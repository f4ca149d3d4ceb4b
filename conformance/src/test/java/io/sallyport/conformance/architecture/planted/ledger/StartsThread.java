package io.sallyport.conformance.architecture.planted.ledger;

final class StartsThread {
  Thread start(Runnable work) {
    return Thread.ofVirtual().start(work);
  }
}
