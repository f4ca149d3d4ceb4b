package io.sallyport.control.publication;

import io.sallyport.control.store.Database;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.MalformedOcspRequest;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.OcspResponder;
import io.sallyport.identity.issuance.OcspResponder.Refusal;
import io.sallyport.identity.issuance.Serials;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers requests for the status of certificates (OCSP). The registry is asked for every one of
 * them: a signed answer is used again only while it says what the registry says, so that no
 * revocation waits for an answer to grow old, on whatever gateway it was ordered.
 */
final class StatusAnswers {
  /** Bound: signed answers that are kept. */
  static final int KEPT_MAX = 4_096;

  /** Bound: signatures a second; who needs one more is told to come again. */
  static final int SIGNATURES_MAX = 500;

  /** What became of a request. */
  enum Outcome {
    GOOD,
    REVOKED,
    UNKNOWN,
    SEVERAL,
    MALFORMED,
    UNAUTHORIZED,
    BUSY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Database database;
  private final AuthorityName authority;
  private final int generation;
  private final Serials serials;
  private volatile CertificateAuthority signing;
  private volatile OcspResponder responder;
  private final PublicationSettings settings;
  private final InstantSource clock;
  private final Budget signatures;
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final LongAdder signed = new LongAdder();
  private final Map<String, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > KEPT_MAX;
        }
      };

  StatusAnswers(
      Database database,
      CertificateAuthority authority,
      Serials serials,
      PublicationSettings settings,
      InstantSource clock) {
    this.database = database;
    this.authority = authority.name();
    generation = authority.generation();
    this.serials = serials;
    signing = authority;
    responder = new OcspResponder(authority, serials);
    this.settings = settings;
    this.clock = clock;
    signatures = new Budget(SIGNATURES_MAX, clock);
    for (var outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /**
   * The same authority, as it is now: certified by another root, or with a key that was missing.
   */
  synchronized void signBy(CertificateAuthority now) {
    if (now != signing) {
      signing = now;
      responder = new OcspResponder(now, serials);
    }
  }

  /** Whether a request asks for the status of a certificate of this authority. */
  boolean concerns(byte[] der) {
    try {
      return responder.concerns(OcspRequest.parse(der));
    } catch (MalformedOcspRequest e) {
      return false;
    }
  }

  private record Kept(OcspStatus status, Instant renewal, StatusAnswer answer) {}

  /** The answer, always one: what cannot be answered is told in the protocol's own way. */
  StatusAnswer answer(byte[] der) {
    OcspRequest request;
    try {
      request = OcspRequest.parse(der);
    } catch (MalformedOcspRequest e) {
      return refused(Outcome.MALFORMED, Refusal.MALFORMED);
    }
    var by = responder;
    if (!by.concerns(request)) {
      return refused(Outcome.UNAUTHORIZED, Refusal.UNAUTHORIZED);
    }
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var statuses = statuses(by.serials(request));
    var outcome = outcome(request, statuses);
    var repeatable = request.repeatable().filter(_ -> outcome != Outcome.UNKNOWN);
    var known = repeatable.flatMap(key -> known(key, statuses, now));
    if (known.isPresent()) {
      count(outcome);
      return known.get();
    }
    if (!signatures.take()) {
      return refused(Outcome.BUSY, Refusal.TRY_LATER);
    }
    try {
      var answer = sign(by, request, statuses, repeatable, now);
      count(outcome);
      return answer;
    } catch (IssuanceUnavailable e) {
      // The key that signs is out of reach now; of the protocol's reasons this is the one.
      return refused(Outcome.BUSY, Refusal.TRY_LATER);
    }
  }

  private Map<Serial, OcspStatus> statuses(List<Serial> serials) {
    var found =
        new HashMap<>(
            database.read(
                handle -> RevocationTable.statuses(handle, authority, generation, serials)));
    serials.forEach(serial -> found.put(serial, of(serial, found)));
    return found;
  }

  /** What the registry does not know was never issued. */
  private static OcspStatus of(Serial serial, Map<Serial, OcspStatus> statuses) {
    return statuses.getOrDefault(serial, new OcspStatus.Unknown());
  }

  private StatusAnswer sign(
      OcspResponder by,
      OcspRequest request,
      Map<Serial, OcspStatus> statuses,
      Optional<String> repeatable,
      Instant now) {
    signed.increment();
    var until = now.plus(settings.answerLifetime());
    var der = by.answer(request, serial -> of(serial, statuses), now, until);
    if (repeatable.isEmpty()) {
      return StatusAnswer.once(der);
    }
    var answer = StatusAnswer.until(der, now, until);
    var renewal = now.plus(settings.answerLifetime().dividedBy(2));
    synchronized (kept) {
      kept.put(repeatable.get(), new Kept(only(statuses), renewal, answer));
    }
    return answer;
  }

  private Optional<StatusAnswer> known(String key, Map<Serial, OcspStatus> statuses, Instant now) {
    synchronized (kept) {
      var found = kept.get(key);
      return found != null
              && found.status().equals(only(statuses))
              && now.isBefore(found.renewal())
              // A clock that was set back makes no answer of the future usable.
              && !found.answer().isAfter(now)
          ? Optional.of(found.answer())
          : Optional.empty();
    }
  }

  private static OcspStatus only(Map<Serial, OcspStatus> statuses) {
    return statuses.values().iterator().next();
  }

  private static Outcome outcome(OcspRequest request, Map<Serial, OcspStatus> statuses) {
    if (request.size() > 1) {
      return Outcome.SEVERAL;
    }
    if (statuses.isEmpty()) {
      return Outcome.UNKNOWN;
    }
    return switch (only(statuses)) {
      case OcspStatus.Good _ -> Outcome.GOOD;
      case OcspStatus.Revoked _ -> Outcome.REVOKED;
      case OcspStatus.Unknown _ -> Outcome.UNKNOWN;
    };
  }

  private StatusAnswer refused(Outcome outcome, Refusal why) {
    count(outcome);
    return StatusAnswer.once(OcspResponder.refusal(why));
  }

  private void count(Outcome outcome) {
    var counter = outcomes.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  long answered(Outcome outcome) {
    var counter = outcomes.get(outcome);
    return counter == null ? 0 : counter.sum();
  }

  long signed() {
    return signed.sum();
  }

  int kept() {
    synchronized (kept) {
      return kept.size();
    }
  }
}
