package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.sallyport.gateway.meter.LoopMeters;
import io.sallyport.gateway.meter.Meters;
import io.sallyport.gateway.mqtt.PacketReader;

/** What the connections of one event loop share: all of it used by that one thread only. */
final class LoopContext {
  private final DeadlineWheel deadlines;
  private final FlushQueue flushes;
  private final LoopMeters meters;
  private final HandshakeTurns handshakes;
  private final Newcomers newcomers = new Newcomers();
  private PacketReader reader;

  LoopContext(EventLoop loop, MqttLimits limits, Meters meters) {
    this.deadlines = new DeadlineWheel(loop, Ticker.systemTicker());
    this.flushes = new FlushQueue(loop);
    this.reader = reader(limits);
    this.meters = meters.ofLoop(Ticker.systemTicker()::nanoTime);
    this.handshakes = new HandshakeTurns(loop, Ticker.systemTicker()::nanoTime);
  }

  private static PacketReader reader(MqttLimits limits) {
    return new PacketReader(
        limits.topicLevelsMax(), limits.userPropertiesMax(), limits.userPropertyBytesMax());
  }

  /** Takes other limits, from the next packet on. */
  void limit(MqttLimits changed) {
    reader = reader(changed);
  }

  DeadlineWheel deadlines() {
    return deadlines;
  }

  FlushQueue flushes() {
    return flushes;
  }

  PacketReader reader() {
    return reader;
  }

  LoopMeters meters() {
    return meters;
  }

  HandshakeTurns handshakes() {
    return handshakes;
  }

  Newcomers newcomers() {
    return newcomers;
  }
}
