package io.sallyport.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.ledger.EventType;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection's way to the end of its handshake: where it comes from, and what that source may
 * still take. Known devices go first: who shows a ticket of ours does not wait for the others.
 */
final class Entrance {
  private final GateContext gate;
  private InetSocketAddress source;
  private boolean placed;
  private boolean ticket;

  /** The way of somebody who connected from there. */
  Entrance(GateContext gate, InetSocketAddress peer) {
    this.gate = gate;
    this.source = peer;
  }

  /** Where it comes from, as far as is known. */
  InetSocketAddress source() {
    return source;
  }

  String host() {
    return source.getAddress().getHostAddress();
  }

  String address() {
    return host() + ":" + source.getPort();
  }

  /** A load balancer says whom the connection is for. */
  void forwarded(InetSocketAddress client) {
    source = client;
  }

  /** Takes a place among its source's unfinished handshakes; false if it may not. */
  boolean enter() {
    if (gate.sources().isBanned(source.getAddress())) {
      gate.counters().refusedBanned.increment();
      gate.meters().denied(Denial.HANDSHAKE_BANNED);
      return false;
    }
    if (!gate.sources().enter(source.getAddress())) {
      gate.counters().refusedOfSource.increment();
      gate.meters().denied(Denial.HANDSHAKE_SOURCE_FULL);
      report("full", "too many unfinished handshakes of this source");
      return false;
    }
    placed = true;
    return true;
  }

  /** How many unfinished handshakes its source has; none to speak of if it is trusted. */
  int held() {
    return gate.sources().held(source.getAddress());
  }

  /** Whether its handshake may begin; a ClientHello that cannot be read shows no ticket. */
  boolean begins(@Nullable ByteBuf hello) {
    var address = source.getAddress();
    ticket =
        hello != null && gate.tls().showsTicket(hello) && gate.sources().believesTicket(address);
    if (ticket || gate.sources().beginsHandshake(address)) {
      return true;
    }
    gate.counters().refusedTooFast.increment();
    gate.meters().denied(Denial.HANDSHAKE_TOO_FAST);
    report("too fast", "too many full handshakes a second");
    return false;
  }

  /** The handshake is over, one way or the other. */
  void leave(boolean resumed) {
    if (placed) {
      placed = false;
      gate.sources().leave(source.getAddress());
    }
    if (ticket && !resumed) {
      gate.sources().falseTicket(source.getAddress());
    }
    ticket = false;
  }

  /** It was refused: counts against its source. */
  void failed(String reason) {
    gate.sources().failed(source.getAddress(), reason);
  }

  /** Reports that it was not let in. */
  void report(String kind, String reason) {
    var facts = Map.of("reason", reason, "address", host());
    gate.denials().report(EventType.HANDSHAKE_REFUSED, host(), kind, facts);
  }
}
