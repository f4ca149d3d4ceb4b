package io.sallyport.conformance.attacks;

import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Strangers of one prefix who connect without end, each time without a ticket. */
final class Flood implements Runnable {
  private final Besieged gate;
  private final long begun = System.nanoTime();
  private final AtomicInteger letIn = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean stopped;
  private volatile long ended;

  Flood(Besieged gate) {
    this.gate = gate;
  }

  @Override
  public void run() {
    var source = 1 + (int) (Thread.currentThread().threadId() % 100);
    while (!stopped) {
      // A context of its own has no session of before.
      connect("127.4.1." + source, gate.identity(Besieged.STRANGER));
    }
    ended = System.nanoTime();
  }

  private void connect(String from, SSLContext stranger) {
    try (var client = MqttClient.over(gate.from(from, stranger), 5)) {
      if (client.connect(Besieged.STRANGER).at(1) == 0) {
        letIn.incrementAndGet();
      }
    } catch (IOException _) {
      refused.incrementAndGet();
    }
  }

  void stop() {
    stopped = true;
  }

  int letIn() {
    return letIn.get();
  }

  int refused() {
    return refused.get();
  }

  int seconds() {
    return (int) ((ended - begun) / 1_000_000_000L);
  }
}
