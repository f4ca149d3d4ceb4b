package io.sallyport.gateway.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
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
