package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of TLS session tickets: random, in memory only, changed every period. The key before
 * still decrypts, so a ticket lives one to two periods, and less whenever trust ends before.
 */
final class TicketKeys implements AutoCloseable {
  private final SecureRandom random = new SecureRandom();
  private final Future<?> rotation;
  private volatile List<ByteBuf> names = List.of();
  private OpenSslSessionContext sessions;
  private @Nullable OpenSslSessionTicketKey current;
  private @Nullable OpenSslSessionTicketKey former;

  TicketKeys(OpenSslSessionContext sessions, ScheduledExecutorService scheduler, Duration period) {
    this.sessions = sessions;
    rotate();
    long nanos = period.toNanos();
    this.rotation = scheduler.scheduleAtFixedRate(this::rotate, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void rotate() {
    var next =
        new OpenSslSessionTicketKey(
            bytes(OpenSslSessionTicketKey.NAME_SIZE),
            bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
            bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    former = current;
    current = next;
    names = Stream.of(current, former).filter(Objects::nonNull).map(TicketKeys::name).toList();
    hand(sessions);
  }

  /** Goes on with another context: tickets of the one before resume with it. */
  synchronized void moveTo(OpenSslSessionContext other) {
    hand(other);
    sessions = other;
  }

  /** The first key encrypts, both decrypt. */
  private void hand(OpenSslSessionContext to) {
    to.setTicketKeys(
        Stream.of(current, former)
            .filter(Objects::nonNull)
            .toArray(OpenSslSessionTicketKey[]::new));
  }

  /** Whether a name in there is that of a key that decrypts now. */
  boolean isNamedIn(ByteBuf bytes, int at) {
    for (var name : names) {
      if (ByteBufUtil.equals(bytes, at, name, 0, OpenSslSessionTicketKey.NAME_SIZE)) {
        return true;
      }
    }
    return false;
  }

  private static ByteBuf name(OpenSslSessionTicketKey key) {
    return Unpooled.wrappedBuffer(key.name());
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    rotation.cancel(false);
  }
}
