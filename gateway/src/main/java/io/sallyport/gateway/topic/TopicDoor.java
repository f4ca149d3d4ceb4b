package io.sallyport.gateway.topic;

import io.netty.channel.EventLoop;
import io.sallyport.gateway.desk.Desk;
import io.sallyport.gateway.topic.TopicService.Trouble;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The way of requests from event loops to a service, with the bounds that hold for all of them. */
public final class TopicDoor {
  private final TopicSettings settings;
  private final TopicService service;
  private final Desk<Grant> admissions;
  private final Desk<Reply> requests;

  // Bound: certificates that are connected at this moment.
  private final ConcurrentHashMap<X509Certificate, Integer> connected = new ConcurrentHashMap<>();

  /** A door before that service. */
  public TopicDoor(TopicSettings settings, TopicService service) {
    this.settings = settings;
    this.service = service;
    this.admissions = new Desk<>("topic admission", settings.atOnceMax());
    this.requests = new Desk<>("topic service", settings.atOnceMax());
  }

  public TopicSettings settings() {
    return settings;
  }

  /** Takes a place among the connections of a certificate; false if there is none. */
  public boolean enter(X509Certificate shown) {
    return connected.merge(shown, 1, Integer::sum) <= settings.connectionsMax();
  }

  /** Gives the place back; once for each {@link #enter}, whatever that said. */
  public void leave(X509Certificate shown) {
    connected.computeIfPresent(shown, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Asks what somebody may do; whoever cannot be asked about may do nothing. */
  public void admit(EventLoop loop, Caller caller, Consumer<Grant> answer) {
    admissions.ask(loop, () -> service.admit(caller), () -> Grant.NONE, () -> Grant.NONE, answer);
  }

  /** Has one request answered. */
  public void ask(
      EventLoop loop, Caller caller, String topic, byte[] payload, Consumer<Reply> answer) {
    requests.ask(
        loop,
        () -> service.answer(caller, topic, payload),
        () -> service.refusal(topic, Trouble.BUSY),
        () -> service.refusal(topic, Trouble.BROKEN),
        answer);
  }
}
