package io.sallyport.agent.duty;

import io.sallyport.agent.mqtt.Delivery;
import java.util.List;

/** One of the things that a device does over its connection. Called by one thread at a time. */
public interface Duty {
  /** What it subscribes to. */
  List<String> filters();

  /** A connection stands, and its subscriptions do. */
  void connected(Line line);

  /** There is no connection. */
  void disconnected();

  /** Takes a message, and acknowledges it once it is sure of it; false if it is not its own. */
  boolean take(Delivery delivery);
}
