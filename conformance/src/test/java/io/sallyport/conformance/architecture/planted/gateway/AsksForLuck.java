package io.sallyport.conformance.architecture.planted.gateway;

import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

final class AsksForLuck {
  int rollsDice() {
    return new Random().nextInt();
  }

  UUID makesUuid() {
    return UUID.randomUUID();
  }

  int asksThreadLocal() {
    return ThreadLocalRandom.current().nextInt();
  }

  void sleeps() throws InterruptedException {
    Thread.sleep(1);
  }

  long countsNanos() {
    return System.nanoTime();
  }
}
