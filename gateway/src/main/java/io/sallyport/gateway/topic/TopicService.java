package io.sallyport.gateway.topic;

/**
 * Answers requests that are published to topics below {@code $aws/}: such a message reaches no
 * exchange and no broker. Calls block, and come from threads that may wait, but for {@link
 * #refusal}.
 */
public interface TopicService {
  /** Why the gate itself refuses a request. */
  enum Trouble {
    /** Too many are worked on at once. */
    BUSY,
    /** The service failed; nothing is said to be done. */
    BROKEN
  }

  /** What somebody may ask for; {@link Grant#NONE} if it is not let in. */
  Grant admit(Caller caller);

  /** Answers one request, whose topic is one of those that were granted. */
  Reply answer(Caller caller, String topic, byte[] payload);

  /** The answer when a request did not reach the service or did not come back; at once. */
  Reply refusal(String topic, Trouble trouble);
}
