package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * One device that publishes at QoS 1 as fast as it is let, each time a message by itself. If it is
 * sent away it comes again.
 */
final class PublishAssault extends InsiderAssault<PublishAssault.Flooder> {
  private static final int PAYLOAD_BYTES = 64;
  private static final int QOS = 1;
  private static final int REFUSED = 0x80;
  private static final int IN_FLIGHT_MAX = 500;

  private final Tally tally;
  private final String id;
  private final byte[] template;
  private int packetId;

  private PublishAssault(Network network, Tally tally, Credentials devices, String topic) {
    super(network, devices.tls(devices.ids().getFirst(), true));
    this.tally = tally;
    this.id = devices.ids().getFirst();
    this.template = Packets.publish(topic, QOS, PAYLOAD_BYTES);
  }

  /** Where it may publish; nobody reads there, so that all cost is its own. */
  static Assault allowed(Network network, Tally tally, Credentials devices) {
    var topic = Identities.events(devices.ids().getFirst());
    return new PublishAssault(network, tally, devices, topic);
  }

  /** Where it may not. */
  static Assault denied(Network network, Tally tally, Credentials devices) {
    return new PublishAssault(network, tally, devices, Identities.telemetry("somebody-else"));
  }

  @Override
  Flooder client() {
    return new Flooder();
  }

  @Override
  void attempt(Flooder client) {
    client.publish();
  }

  /** The device. */
  final class Flooder extends Client {
    private int inFlight;

    Flooder() {
      super(id, 0, null, 0);
    }

    void publish() {
      if (inFlight >= Math.min(IN_FLIGHT_MAX, receiveMaximum())) {
        return;
      }
      packetId = packetId == 0xFFFF ? 1 : packetId + 1;
      var packet = context().alloc().directBuffer(template.length).writeBytes(template);
      packet.setShort(template.length - PAYLOAD_BYTES - 3, packetId);
      tally.begun();
      inFlight++;
      var _ = context().writeAndFlush(packet);
    }

    @Override
    void received(int type, int flags, ByteBuf in, int end) {
      if (type != Packets.PUBACK) {
        return;
      }
      inFlight--;
      if (end - in.readerIndex() > 2 && in.getUnsignedByte(in.readerIndex() + 2) >= REFUSED) {
        tally.refused();
      } else {
        tally.served();
      }
    }

    @Override
    void lost(String why) {
      for (; inFlight > 0; inFlight--) {
        tally.refused();
      }
      PublishAssault.this.lost(this);
    }
  }
}
