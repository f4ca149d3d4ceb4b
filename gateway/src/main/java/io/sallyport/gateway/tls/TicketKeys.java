package io.sallyport.gateway.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of TLS session tickets, in memory only. A gate that is alone makes them, and changes
 * them every period: the key before still decrypts, so a ticket lives one to two periods, and less
 * whenever trust ends before. Gates that share them are given them, and a ticket that one has made
 * resumes with another.
 */
public final class TicketKeys {
  /** The bytes of one key. */
  public static final int KEY_BYTES = OpenSslSessionTicketKey.TICKET_KEY_SIZE;

  // Bound: keys that decrypt.
  private static final int KEYS_MAX = 4;

  private final SecureRandom random = new SecureRandom();
  private final Duration period;
  private volatile List<ByteBuf> names = List.of();
  private List<OpenSslSessionTicketKey> keys = List.of();
  private boolean given;
  private List<OpenSslSessionContext> sessions = List.of();
  private @Nullable Future<?> rotation;

  /** Keys that change every period, unless they are given. */
  public TicketKeys(Duration period) {
    this.period = period;
  }

  /** Serves a context from now on. */
  synchronized void begin(OpenSslSessionContext newSessions, ScheduledExecutorService scheduler) {
    sessions = List.of(newSessions);
    if (keys.isEmpty()) {
      rotate();
    } else {
      hand(newSessions);
    }
    long nanos = period.toNanos();
    rotation = scheduler.scheduleAtFixedRate(this::rotate, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void rotate() {
    if (!given) {
      var next = key(fresh());
      put(keys.isEmpty() ? List.of(next) : List.of(next, keys.getFirst()));
    }
  }

  /**
   * Takes keys of {@link #KEY_BYTES} bytes instead of making them: the first one encrypts, each
   * decrypts. The arrays are wiped.
   */
  public synchronized void take(List<byte[]> shared) {
    if (shared.isEmpty() || shared.size() > KEYS_MAX) {
      throw new IllegalArgumentException("1 to " + KEYS_MAX + " keys are taken");
    }
    given = true;
    put(shared.stream().map(TicketKeys::key).toList());
  }

  private void put(List<OpenSslSessionTicketKey> next) {
    keys = next;
    names = next.stream().map(key -> Unpooled.wrappedBuffer(key.name())).toList();
    sessions.forEach(this::hand);
  }

  /** Goes on with other contexts: tickets of those before resume with each of them. */
  synchronized void moveTo(List<OpenSslSessionContext> others) {
    others.forEach(this::hand);
    sessions = List.copyOf(others);
  }

  /** The first key encrypts, all decrypt. */
  private void hand(OpenSslSessionContext to) {
    to.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
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

  /** Name, then the two secrets, as BoringSSL has them in one; wipes what it was made of. */
  private static OpenSslSessionTicketKey key(byte[] bytes) {
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("a ticket key has " + KEY_BYTES + " bytes");
    }
    int hmac = OpenSslSessionTicketKey.NAME_SIZE;
    int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
    var key =
        new OpenSslSessionTicketKey(
            Arrays.copyOfRange(bytes, 0, hmac),
            Arrays.copyOfRange(bytes, hmac, aes),
            Arrays.copyOfRange(bytes, aes, KEY_BYTES));
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  private byte[] fresh() {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Serves no context any more. */
  synchronized void end() {
    if (rotation != null) {
      rotation.cancel(false);
      rotation = null;
    }
    sessions = List.of();
  }
}
