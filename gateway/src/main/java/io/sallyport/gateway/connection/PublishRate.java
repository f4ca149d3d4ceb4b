package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.defence.DeviceRates.Allowance;
import io.sallyport.gateway.defence.DeviceRates.Excess;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.mqtt.ProtocolVersion;
import io.sallyport.gateway.mqtt.PublishReader;
import io.sallyport.ledger.EventType;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Holds each device to its rate. MQTT 5 is told; MQTT 3.1.1 has no word for it, so such a client is
 * not read from until it has paid.
 */
final class PublishRate {
  private static final String TOO_FAST = "too many publications, or too large ones";

  // The rate may change meanwhile, and a debt with it.
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final GateContext gate;
  private final Duties duties;
  private final int windowTicks;

  PublishRate(GateContext gate, Duties duties) {
    this.gate = gate;
    this.duties = duties;
    this.windowTicks = DeadlineWheel.ticks(gate.settings().deniedQos0Window());
  }

  /** Whether the publication is to be handled; if not, the client was told what it can be told. */
  boolean admits(Client client, PublishReader publish, int bytes) {
    var allowance = client.connection().allowance();
    if (allowance == null) {
      return true;
    }
    var excess = allowance.take(bytes);
    if (excess == Excess.NONE) {
      return true;
    }
    gate.counters().publishedTooFast.increment();
    if (client.version() == ProtocolVersion.V3_1_1) {
      allowance.force(bytes);
      pause(client.connection(), allowance);
      return true;
    }
    gate.meters()
        .denied(excess == Excess.BYTES ? Denial.PUBLISH_BYTE_RATE : Denial.PUBLISH_MESSAGE_RATE);
    report(client, excess);
    refuse(client, publish, excess);
    return false;
  }

  private void refuse(Client client, PublishReader publish, Excess excess) {
    if (publish.qos() > 0) {
      int answer = publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC;
      client.acknowledge(answer, publish.packetId(), Reason.QUOTA_EXCEEDED, TOO_FAST);
      return;
    }
    int dropped =
        client.inbound().tooFast(client.connection().loop().deadlines().tick(), windowTicks);
    if (dropped >= gate.settings().deniedQos0Max()) {
      client
          .connection()
          .end(
              excess == Excess.BYTES ? Reason.QUOTA_EXCEEDED : Reason.MESSAGE_RATE_TOO_HIGH,
              TOO_FAST);
    }
  }

  private static void pause(Connection connection, Allowance allowance) {
    if (connection.isPaused(Pause.RATE)) {
      return;
    }
    connection.pause(Pause.RATE);
    resumeWhenPaid(connection, allowance);
  }

  // If the loop has ended, so has the connection.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void resumeWhenPaid(Connection connection, Allowance allowance) {
    long debt = allowance.debtNanos();
    if (debt == 0 || connection.phase() == Phase.CLOSED) {
      connection.resume(Pause.RATE);
    } else {
      connection
          .channel()
          .eventLoop()
          .schedule(
              () -> resumeWhenPaid(connection, allowance),
              Math.min(debt, LOOK_AGAIN_NANOS),
              TimeUnit.NANOSECONDS);
    }
  }

  private void report(Client client, Excess excess) {
    var reason = excess == Excess.BYTES ? "too many bytes a second" : "too many messages a second";
    duties.report(
        EventType.PUBLISH_DENIED,
        client.principal().value(),
        reason,
        client.connection().source(),
        Map.of("clientId", client.clientId()));
  }
}
