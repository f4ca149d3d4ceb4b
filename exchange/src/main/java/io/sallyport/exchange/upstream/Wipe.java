package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.sallyport.exchange.Reason;
import io.sallyport.identity.PrincipalId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stored session by standard MQTT, and takes retained messages away. Two connections: the
 * first resumes the session, which tells whether there was one and calls off a delayed will; the
 * second begins it anew with an expiry of zero, which leaves nothing of it.
 */
final class Wipe {
  private final Facilities facilities;
  private final EventLoop loop;
  private final PrincipalId principal;
  private final String clientId;
  private final Queue<String> topics;
  private final Promise<Wiped> promise;
  private boolean wasPresent;
  private int cleared;
  private int unanswered;
  private int lastId;

  /** What was there. */
  record Wiped(boolean wasPresent, int retained) {}

  /**
   * @param topics whose retained messages are taken away
   */
  Wipe(
      Facilities facilities,
      EventLoop loop,
      PrincipalId principal,
      String clientId,
      List<String> topics) {
    this.facilities = facilities;
    this.loop = loop;
    this.principal = principal;
    this.clientId = clientId;
    this.topics = new ArrayDeque<>(topics);
    this.promise = loop.newPromise();
  }

  /** Begins; done when the broker has closed both connections. */
  Future<Wiped> run() {
    loop.execute(() -> new Step(false).dial());
    return promise;
  }

  /** One connection. */
  private final class Step implements Dial.Caller, Link.Receiver {
    private final boolean isLast;
    private @Nullable Link link;
    private int window;

    Step(boolean isLast) {
      this.isLast = isLast;
    }

    void dial() {
      var connect = facilities.packets().connectToWipe(principal, clientId, isLast);
      new Dial(facilities, loop, null, connect, this).start();
    }

    @Override
    public void accepted(Link opened, Greeting greeting) {
      link = opened;
      window = greeting.receiveMaximum();
      opened.receiver(this);
      if (isLast) {
        clear(opened);
      } else {
        wasPresent = greeting.sessionPresent();
        part(opened);
      }
    }

    @Override
    public void refused(Reason reason) {
      promise.tryFailure(new IOException("the broker refuses: " + reason));
    }

    @Override
    public void received(MqttMessage packet) {
      Link open = link;
      // What the session had queued comes too, and goes with it.
      if (open != null && packet.fixedHeader().messageType() == MqttMessageType.PUBACK) {
        int id = ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
        if (isLast && id > 0) {
          unanswered--;
          cleared += Answers.reason(packet).isFailure() ? 0 : 1;
          clear(open);
        }
      }
    }

    @Override
    public void gone(Reason reason, String why) {
      promise.tryFailure(new IOException(why));
    }

    private void clear(Link open) {
      // Bound: as many at once as the broker takes, or a hundred.
      while (!topics.isEmpty() && unanswered < Math.min(window, 100)) {
        unanswered++;
        lastId = lastId % 65_535 + 1;
        facilities.packets().clearRetained(open, topics.remove(), lastId);
      }
      if (unanswered == 0) {
        part(open);
      }
    }

    private void part(Link open) {
      open.part(facilities.packets().disconnect(false, 0)).addListener(_ -> parted());
    }

    private void parted() {
      if (isLast) {
        promise.trySuccess(new Wiped(wasPresent, cleared));
      } else {
        new Step(true).dial();
      }
    }
  }
}
