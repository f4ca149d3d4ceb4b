package io.sallyport.exchange.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.concurrent.Future;
import io.sallyport.exchange.Reason;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets one CONNECT accepted: address after address until one answers, each within its time. Lives
 * on one event loop.
 */
final class Dial {
  /** Who waits for it; told once, on the loop. */
  interface Caller {
    /** The link is the caller's from now on. */
    void accepted(Link link, Greeting greeting);

    void refused(Reason reason);
  }

  private final Facilities facilities;
  private final EventLoop loop;
  private final @Nullable InetSocketAddress source;
  private final MqttConnectMessage connect;
  private final Caller caller;
  private final Set<Brokers.Broker> tried = new HashSet<>(2);
  private @Nullable Attempt current;

  /**
   * @param source the device's address, if the broker is to be told one
   */
  Dial(
      Facilities facilities,
      EventLoop loop,
      @Nullable InetSocketAddress source,
      MqttConnectMessage connect,
      Caller caller) {
    this.facilities = facilities;
    this.loop = loop;
    this.source = source;
    this.connect = connect;
    this.caller = caller;
  }

  void start() {
    next(Reason.SERVER_UNAVAILABLE);
  }

  private void next(Reason soFar) {
    var broker = facilities.brokers().next(tried);
    if (broker == null) {
      refuse(soFar);
      return;
    }
    tried.add(broker);
    current = new Attempt(broker);
    current.start();
  }

  private void refuse(Reason reason) {
    current = null;
    facilities.counters().refusals.increment();
    caller.refused(reason);
  }

  /** Nobody waits for it any more. */
  void cancel() {
    Attempt running = current;
    current = null;
    if (running != null) {
      running.abandon();
    }
  }

  /** One address, from TCP to CONNACK. */
  private final class Attempt implements Link.Receiver {
    private final Brokers.Broker broker;
    private @Nullable ChannelFuture connecting;
    private @Nullable Future<?> deadline;

    Attempt(Brokers.Broker broker) {
      this.broker = broker;
    }

    // A failed attempt to connect is looked at by its listener.
    @SuppressWarnings("FutureReturnValueIgnored")
    void start() {
      long millis = facilities.settings().connectTimeout().toMillis();
      deadline =
          loop.schedule(
              () -> failed("no answer within " + millis + " ms"), millis, TimeUnit.MILLISECONDS);
      var future = facilities.wires().connect(loop, broker, source, this);
      connecting = future;
      future.addListener(
          done -> {
            if (!done.isSuccess()) {
              failed(Link.describe(done.cause()));
            }
          });
    }

    @Override
    public void reached() {
      if (current == this && connecting != null) {
        link(connecting).send(connect);
      }
    }

    private Link link(ChannelFuture future) {
      return future.channel().pipeline().get(Link.class);
    }

    @Override
    public void received(MqttMessage packet) {
      if (current != this) {
        return;
      }
      if (!(packet instanceof MqttConnAckMessage connack)) {
        failed("the first packet is not CONNACK");
        return;
      }
      var header = connack.variableHeader();
      int code = header.connectReturnCode().byteValue() & 0xFF;
      Reason reason = Answers.connect(code);
      if (!reason.isFailure()) {
        accepted(Greeting.of(header, facilities.settings()));
      } else if (Answers.isPassing(reason)) {
        leave();
        facilities.brokers().failed(broker, "CONNACK with code " + code);
        next(reason);
      } else {
        leave();
        facilities.refusals().report(broker, connect.payload().clientIdentifier(), code);
        refuse(reason);
      }
    }

    private void accepted(Greeting greeting) {
      var open = connecting;
      if (open == null) {
        return;
      }
      stopClock();
      current = null;
      facilities.brokers().succeeded(broker);
      facilities.counters().connects.increment();
      caller.accepted(link(open), greeting);
    }

    @Override
    public void gone(Reason reason, String why) {
      failed(why);
    }

    private void failed(String why) {
      if (current == this) {
        leave();
        facilities.brokers().failed(broker, why);
        next(Reason.SERVER_UNAVAILABLE);
      }
    }

    private void leave() {
      current = null;
      abandon();
    }

    // Closing what may not be open yet: there is nothing to be done if that fails.
    @SuppressWarnings("FutureReturnValueIgnored")
    void abandon() {
      stopClock();
      if (connecting != null) {
        connecting.channel().close();
      }
    }

    private void stopClock() {
      if (deadline != null) {
        deadline.cancel(false);
      }
    }
  }
}
