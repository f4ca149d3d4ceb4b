package io.sallyport.agent.duty;

import io.sallyport.agent.mqtt.Answer;
import java.util.concurrent.CompletableFuture;

/** The way to the server while a connection stands. */
@FunctionalInterface
public interface Line {
  /** Publishes at QoS 1; failed if the connection ended before the server said anything. */
  CompletableFuture<Answer> publish(String topic, byte[] payload);
}
