package io.sallyport.gateway.service;

/** Takes what is delivered to the server's own client. */
@FunctionalInterface
public interface Inbox {
  /**
   * Takes one message; called on an event loop, so it must neither block nor wait.
   *
   * @param payload not to be written to
   * @param done to be run once, by any thread, when the message is dealt with: it is then
   *     acknowledged, and what is never acknowledged comes again
   */
  void take(String topic, byte[] payload, Runnable done);
}
