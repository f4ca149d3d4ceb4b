package io.sallyport.gateway.topic;

import io.netty.channel.EventLoop;
import io.sallyport.gateway.desk.Desk;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.gateway.topic.TopicService.Trouble;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** The way of requests from devices that are let in to a service, and what it is asked under. */
public final class DeviceDoor {
  /** Bound: requests on one connection; a renewal takes one. */
  public static final int REQUESTS_MAX = 16;

  /** Bound: requests on one connection within a minute. */
  public static final int REQUESTS_PER_MINUTE_MAX = 4;

  // Bound: requests of all devices that are worked on; who finds no place is told to come again.
  private static final int AT_ONCE_MAX = 32;

  private static final String ACCEPTED = "/accepted";

  private final Grant grant;
  private final byte[][] topics;
  private final DeviceService service;
  private final Desk<Reply> requests = new Desk<>("device service", AT_ONCE_MAX);

  /**
   * A door before that service.
   *
   * @param grant what may be asked for and where the answers come, by those whose policy allows it
   */
  public DeviceDoor(Grant grant, DeviceService service) {
    this.grant = grant;
    this.service = service;
    this.topics =
        grant.requests().stream()
            .map(topic -> topic.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /** Whether a publication there is a request; allocates nothing. */
  public boolean takes(byte[] topic) {
    for (var one : topics) {
      if (Arrays.equals(one, topic)) {
        return true;
      }
    }
    return false;
  }

  /** Whether answers come under that filter, and nothing else does. */
  public boolean answersUnder(String filter) {
    return grant.replies().contains(filter);
  }

  /** Where the answer goes if the request is granted. */
  public static String accepted(String request) {
    return request + ACCEPTED;
  }

  /** The answer to a request that comes too often. */
  public Reply tooOften(String topic) {
    return service.refusal(topic, Trouble.BUSY);
  }

  /** Has one request answered. */
  public void ask(
      EventLoop loop,
      String source,
      VerifiedDevice device,
      String topic,
      byte[] payload,
      Consumer<Reply> answer) {
    requests.ask(
        loop,
        () -> service.answer(source, device, topic, payload),
        () -> service.refusal(topic, Trouble.BUSY),
        () -> service.refusal(topic, Trouble.BROKEN),
        answer);
  }
}
