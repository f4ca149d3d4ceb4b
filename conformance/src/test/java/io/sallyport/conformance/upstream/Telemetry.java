package io.sallyport.conformance.upstream;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.sallyport.conformance.product.Patience;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A device that publishes without end, a window at a time, and knows what was acknowledged. */
final class Telemetry implements AutoCloseable {
  private static final int WINDOW = 20;

  final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final Talk talk;
  private final String topic;
  private final int qos;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final Thread thread;

  Telemetry(Talk talk, String topic, int qos) {
    this.talk = talk;
    this.topic = topic;
    this.qos = qos;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    var window = new Semaphore(WINDOW);
    for (var number = 0; takesPlace(window); number++) {
      var text = qos + ":" + number;
      var _ =
          talk.client
              .publishWith()
              .topic(topic)
              .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
              .payload(text.getBytes(StandardCharsets.UTF_8))
              .send()
              .whenComplete(
                  (result, failure) -> {
                    if (failure == null && result.getError().isEmpty()) {
                      acknowledged.add(text);
                    } else {
                      isOver.set(true);
                    }
                    window.release();
                  });
    }
  }

  /**
   * A client with a session keeps what is open until it is back, so nobody waits for it for ever.
   */
  private boolean takesPlace(Semaphore window) {
    try {
      while (!isOver.get()) {
        if (window.tryAcquire(100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Waits until that much was acknowledged. */
  void reaches(int count) {
    Patience.until(
        count + " acknowledged at QoS " + qos, () -> acknowledged.size() >= count || isOver.get());
  }

  /** Waits until nothing more is sent, because the connection broke or by our wish. */
  void end() {
    isOver.set(true);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}
