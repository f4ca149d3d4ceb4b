package io.sallyport.conformance.oracle;

/** One thing that happens in a scenario; {@code peer} is the number of who does it. */
sealed interface Step {
  int peer();

  record Connect(int peer, boolean lasting) implements Step {}

  record Disconnect(int peer) implements Step {}

  record Publish(int peer, String topic, String payload, int qos, boolean retain) implements Step {}

  record Forget(int peer, String topic) implements Step {}

  record Subscribe(int peer, String filter, int qos) implements Step {}

  record Unsubscribe(int peer, String filter) implements Step {}
}
