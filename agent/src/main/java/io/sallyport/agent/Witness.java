package io.sallyport.agent;

import io.sallyport.agent.mqtt.Answer;
import io.sallyport.agent.mqtt.Ending;

/** Is told what an agent lives through; every call may come from any thread, and must not wait. */
public interface Witness {
  /** The server let it in. */
  default void connected() {}

  /** There is no connection, or an attempt failed. */
  default void ended(Ending ending) {}

  /** The server answered a piece of telemetry. */
  default void answered(long sequence, Answer answer) {}
}
