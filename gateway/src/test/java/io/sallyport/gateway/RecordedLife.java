package io.sallyport.gateway;

import io.sallyport.gateway.observation.ObservedConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the steps of connections down, each as a line. */
record RecordedLife(List<String> steps) implements ObservedConnection {
  private void add(String step, @Nullable String refusal) {
    steps.add(refusal == null ? step : step + " refused: " + refusal);
  }

  @Override
  public void handshake(
      @Nullable String principal, boolean resumed, @Nullable String refusal, long nanos) {
    add("handshake of " + principal + (resumed ? ", resumed" : ""), refusal);
  }

  @Override
  public void connect(String clientId, @Nullable String refusal, long nanos) {
    add("connect as " + clientId, refusal);
  }

  @Override
  public void subscribe(String filter, @Nullable String refusal, long nanos) {
    add("subscribe to " + filter, refusal);
  }

  @Override
  public boolean samplesPublish() {
    return true;
  }

  @Override
  public void publish(String topic, int qos, @Nullable String refusal, long nanos) {
    add("publish to " + topic + " at " + qos, refusal);
  }

  @Override
  public void disconnected(String reason) {
    steps.add("disconnected: " + reason);
  }
}
