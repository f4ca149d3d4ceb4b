package io.sallyport.gateway.topic;

import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.gateway.topic.TopicService.Trouble;

/**
 * Answers requests that whoever is let in publishes to topics below {@code $aws/certificates}, by
 * its own certificate: such a message reaches no exchange and no broker. Calls block, and come from
 * threads that may wait, but for {@link #refusal}.
 */
public interface DeviceService {
  /**
   * Answers one request, whose topic is one of those that are served and which its policy allows.
   *
   * @param source the address it comes from, without the port
   * @param device whom its certificate let in; what it is worth by now is the service's to ask
   */
  Reply answer(String source, VerifiedDevice device, String topic, byte[] payload);

  /** The answer when a request did not reach the service or did not come back; at once. */
  Reply refusal(String topic, Trouble trouble);
}
