package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Passphrase;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS #11 token that signs for this process. When it is gone, signing is refused at once and
 * with the reason; when it is back, it is found again. A wrong PIN is given once, never twice.
 */
public final class Token implements KeyHome {
  // Bound: more signatures at once wait for a place, and not for long.
  private static final int AT_ONCE_MAX = 16;
  private static final long PLACE_MILLIS_MAX = 5_000;
  // How long calls of before may take to end before the library is begun anew.
  private static final long QUIET_MILLIS_MAX = 2_000;
  // Whoever finds the token being opened waits no longer for it.
  private static final long TURN_MILLIS_MAX = 1_000;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int SUCCESSORS_MAX = 1_000;
  // A placeholder's dates mean nothing; libraries want some.
  private static final Duration HOLDER_LIFE = Duration.ofDays(36_525);

  private final TokenSettings settings;
  private final Supplier<Passphrase> pin;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final TokenModule module;
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock(true);
  private final ReentrantLock turn = new ReentrantLock();
  private final LongAdder signatures = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder returns = new LongAdder();
  // What the JDK would close by handles that mean something else by now; one for each return.
  private final List<TokenConnection> ended = new CopyOnWriteArrayList<>();
  private volatile @Nullable TokenConnection connection;
  private volatile @Nullable TokenFailure failure;
  private volatile TokenWatch watch = TokenWatch.NOBODY;
  private volatile long nextTry;
  private volatile Duration pause = FIRST_PAUSE;

  private Token(
      TokenSettings settings,
      Supplier<Passphrase> pin,
      InstantSource clock,
      LongSupplier nanos,
      TokenModule module) {
    this.settings = settings;
    this.pin = pin;
    this.clock = clock;
    this.nanos = nanos;
    this.module = module;
  }

  /**
   * Logs in to it.
   *
   * @param pin asked for at each login, and wiped after it
   * @throws IssuanceUnavailable with the trouble, when it cannot be used now
   */
  public static Token open(
      TokenSettings settings, Supplier<Passphrase> pin, InstantSource clock, LongSupplier nanos) {
    TokenProvider.install();
    try {
      var token = new Token(settings, pin, clock, nanos, TokenModule.load(settings.library()));
      token.nextTry = nanos.getAsLong();
      token.connected();
      return token;
    } catch (TokenFailure e) {
      throw unavailable(settings, e);
    }
  }

  /** Tells of its going and coming from now on. */
  public void tell(TokenWatch hearer) {
    watch = hearer;
  }

  /** How it serves. */
  public TokenStatus status() {
    var why = failure;
    return new TokenStatus(
        connection == null && why != null ? why.trouble() : null,
        signatures.sum(),
        failures.sum(),
        returns.sum());
  }

  /** Whether it is back, if it was gone and it is time to see. */
  public void look() {
    if (connection == null) {
      try {
        connected();
      } catch (TokenFailure e) {
        // It is still gone: the watch was told when it went.
      }
    }
  }

  /** The raw ECDSA signature of a hash. */
  byte[] sign(String label, byte[] digest) {
    try {
      var signature = inPlace(() -> signed(label, digest));
      signatures.increment();
      return signature;
    } catch (TokenFailure e) {
      failures.increment();
      throw unavailable(settings, e);
    }
  }

  private byte[] signed(String label, byte[] digest) throws TokenFailure {
    var used = connected();
    try {
      return using(used, () -> used.sign(label, digest));
    } catch (TokenFailure first) {
      // A session alone may have ended; the next call has another one.
      try {
        return using(used, () -> used.sign(label, digest));
      } catch (TokenFailure second) {
        lost(used, second);
      }
    }
    var again = connected();
    try {
      return using(again, () -> again.sign(label, digest));
    } catch (TokenFailure e) {
      lost(again, e);
      throw e;
    }
  }

  // ---- keys

  @Override
  public KeyPair generate(String place, String curve) {
    TokenSettings.requireLabel(place);
    try {
      return inPlace(
          () -> {
            var used = connected();
            if (using(used, () -> used.has(place))) {
              throw new TokenFailure(
                  TokenTrouble.KEY_EXISTS,
                  "there is a key '" + place + "' already; none is overwritten");
            }
            var now = clock.instant();
            try (var secret = secret()) {
              var maker =
                  TokenConnection.open(module, module.find(settings.token()), secret, place);
              using(
                  maker,
                  () -> {
                    maker.generate(place, curve, Date.from(now), Date.from(now.plus(HOLDER_LIFE)));
                    return true;
                  });
              connection = maker;
            }
            return pair(place);
          });
    } catch (TokenFailure e) {
      throw unavailable(settings, e);
    }
  }

  @Override
  public KeyPair find(String place) {
    TokenSettings.requireLabel(place);
    try {
      return inPlace(() -> pair(place));
    } catch (TokenFailure e) {
      throw unavailable(settings, e);
    }
  }

  private KeyPair pair(String place) throws TokenFailure {
    var used = connected();
    var publicKey = using(used, () -> used.publicKey(place));
    return new KeyPair(publicKey, new TokenKey(this, place, publicKey));
  }

  @Override
  public void destroy(String place) {
    try {
      inPlace(
          () -> {
            var used = connected();
            return using(
                used,
                () -> {
                  used.destroy(place);
                  return true;
                });
          });
    } catch (TokenFailure e) {
      throw unavailable(settings, e);
    }
  }

  @Override
  public boolean holds(Use use) {
    return settings.labels().containsKey(use);
  }

  @Override
  public String place(Use use) {
    var label = settings.labels().get(use);
    if (label == null) {
      throw new IllegalArgumentException("no label for " + use);
    }
    return label;
  }

  @Override
  public String successor(String place) {
    var stem = place.replaceFirst("-[0-9]{1,4}$", "");
    try {
      return inPlace(
          () -> {
            var used = connected();
            for (int number = 2; number < SUCCESSORS_MAX; number++) {
              var name = stem + "-" + number;
              if (!name.equals(place) && !using(used, () -> used.has(name))) {
                return name;
              }
            }
            throw new TokenFailure(TokenTrouble.KEY_EXISTS, "no name like " + stem + " is free");
          });
    } catch (TokenFailure e) {
      throw unavailable(settings, e);
    }
  }

  @Override
  public String uri(String place) {
    return "pkcs11:token=" + settings.token().replace(" ", "%20") + ";object=" + place;
  }

  // ---- coming and going

  @FunctionalInterface
  private interface Call<T> {
    T make() throws TokenFailure;
  }

  /** Takes one of the places; whoever finds none is refused after a while. */
  private <T> T inPlace(Call<T> call) throws TokenFailure {
    try {
      if (!places.tryAcquire(PLACE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new TokenFailure(TokenTrouble.BUSY, AT_ONCE_MAX + " calls are under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenFailure(TokenTrouble.BUSY, "interrupted while waiting", e);
    }
    try {
      return call.make();
    } finally {
      places.release();
    }
  }

  /** No call goes into a library that is being begun anew, nor with a login of before. */
  private <T> T using(TokenConnection used, Call<T> call) throws TokenFailure {
    calls.readLock().lock();
    try {
      if (used.hasEnded()) {
        throw new TokenFailure(TokenTrouble.BROKEN, "the login has ended");
      }
      return call.make();
    } finally {
      calls.readLock().unlock();
    }
  }

  private synchronized void lost(TokenConnection used, TokenFailure why) {
    if (connection == used) {
      used.end();
      ended.add(used);
      failure = why;
      pause = FIRST_PAUSE;
      nextTry = nanos.getAsLong();
      connection = null;
      watch.lost(why.trouble(), String.valueOf(why.getMessage()));
    }
  }

  /** The login, made anew if it is time; else the trouble that there is, at once. */
  private TokenConnection connected() throws TokenFailure {
    var used = connection;
    if (used != null) {
      return used;
    }
    try {
      if (!turn.tryLock(TURN_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new TokenFailure(TokenTrouble.BUSY, "the token is being opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenFailure(TokenTrouble.BUSY, "interrupted while waiting", e);
    }
    try {
      used = connection;
      return used != null ? used : reconnected();
    } finally {
      turn.unlock();
    }
  }

  private TokenConnection reconnected() throws TokenFailure {
    var known = failure;
    if (known != null && (known.trouble().isFinal() || nextTry - nanos.getAsLong() > 0)) {
      throw new TokenFailure(known.trouble(), String.valueOf(known.getMessage()), known);
    }
    try {
      var opened = opened();
      failure = null;
      connection = opened;
      if (known != null) {
        returns.increment();
        watch.back();
      }
      return opened;
    } catch (TokenFailure e) {
      failure = e;
      nextTry = nanos.getAsLong() + pause.toNanos();
      var doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      if (known != null && e.trouble() != known.trouble()) {
        watch.lost(e.trouble(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private TokenConnection opened() throws TokenFailure {
    try {
      if (!calls.writeLock().tryLock(QUIET_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new TokenFailure(TokenTrouble.BROKEN, "calls of the library do not come back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenFailure(TokenTrouble.BROKEN, "interrupted while waiting", e);
    }
    try (var secret = secret()) {
      module.begin();
      return TokenConnection.open(module, module.find(settings.token()), secret);
    } finally {
      calls.writeLock().unlock();
    }
  }

  /** Whatever stands between us and the PIN may go away as the token did, and come back. */
  private Passphrase secret() throws TokenFailure {
    try {
      return pin.get();
    } catch (RuntimeException e) {
      throw new TokenFailure(TokenTrouble.PIN_UNREADABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private static IssuanceUnavailable unavailable(TokenSettings settings, TokenFailure e) {
    return new IssuanceUnavailable(
        "the token '"
            + settings.token()
            + "' does not serve: "
            + e.trouble()
            + ": "
            + e.getMessage(),
        e);
  }

  @Override
  public String toString() {
    return "Token[" + settings.token() + "]";
  }
}
