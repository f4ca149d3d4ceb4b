package io.sallyport.gateway.connection;

import io.sallyport.gateway.est.EstVisitor;
import io.sallyport.gateway.tls.VerifiedDevice;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the EST door, after its handshake. Somebody without a certificate is nobody yet:
 * until it is gone it keeps its place among its source's unfinished handshakes, and makes room for
 * others as those do.
 */
final class Guest implements EstVisitor {
  // Bound: the registry answers in far less; a connection is not kept for a desk that hangs.
  private static final int WORK_TICKS = DeadlineWheel.ticks(Duration.ofSeconds(30));

  private final Connection connection;
  private final GateContext gate;
  private final int requestTicks;
  private final int until;

  Guest(Connection connection, GateContext gate, Duration requestTimeout, Duration lifetime) {
    this.connection = connection;
    this.gate = gate;
    this.requestTicks = DeadlineWheel.ticks(requestTimeout);
    this.until = connection.loop().deadlines().tick() + DeadlineWheel.ticks(lifetime);
  }

  @Override
  public @Nullable VerifiedDevice device() {
    return connection.authentication().isKnown() ? connection.device() : null;
  }

  @Override
  public @Nullable VerifiedDevice expired() {
    return connection.authentication().expired();
  }

  @Override
  public List<X509Certificate> introduction() {
    return connection.authentication().introduction();
  }

  @Override
  public String source() {
    return connection.source();
  }

  @Override
  public boolean isServed() {
    return gate.draining().departure() == null && !gate.failClosed().isClosed();
  }

  @Override
  public void awaits() {
    int left = until - connection.loop().deadlines().tick();
    connection.guestHas(Math.clamp(left, 1, requestTicks));
  }

  @Override
  public void works() {
    connection.guestHas(WORK_TICKS);
  }

  @Override
  public void failed(String reason) {
    connection.entrance().failed(reason);
  }

  @Override
  public void leaves() {
    connection.guestLeaves();
  }
}
