package io.sallyport.control.publication;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.schedule.Rounds;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.Serials;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody which certificates are revoked: keeps the lists fresh, answers for single
 * certificates, and says aloud when it cannot.
 */
public final class Publication implements AutoCloseable {
  private static final String LIST_TYPE = "application/pkix-crl";
  private static final String STATUS_TYPE = "application/ocsp-response";
  // RFC 8555, 8.3
  private static final String PROOF_TYPE = "application/octet-stream";
  private static final String ENDING = ".crl";

  // Alarms are not repeated more often.
  private static final Duration ALARM_EVERY = Duration.ofHours(1);

  // A list of which so little is left, in tenths of its life, should have been made anew long ago.
  private static final int LATE_TENTHS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  private final Database database;
  private final Authorities authorities;
  private final Serials serials;
  // Each devices CA has its own, for as long as the registry knows of it.
  private final Map<Integer, RevocationLists> devices = new ConcurrentSkipListMap<>();
  private final Map<Integer, StatusAnswers> statuses = new ConcurrentSkipListMap<>();
  private final RevocationLists servers;
  private final PublicationSettings settings;
  private final InstantSource clock;
  private final LongAdder failures = new LongAdder();
  private final Rounds timer = new Rounds("publication");
  private final ValidationPages validations = new ValidationPages();
  private Instant lastAlarm = Instant.EPOCH;
  private @Nullable PlainListener listener;

  /** Publishes what that registry says of those authorities' certificates. */
  public Publication(
      Database database,
      Authorities authorities,
      Serials serials,
      PublicationSettings settings,
      InstantSource clock) {
    this.database = database;
    this.authorities = authorities;
    this.serials = serials;
    servers = new RevocationLists(database, authorities.servers(), settings, clock);
    this.settings = settings;
    this.clock = clock;
  }

  /** The lists of every authority that there is now, also of those that were retired. */
  private List<RevocationLists> lists() {
    var now = authorities.line();
    for (var one : now.devices()) {
      devices
          .computeIfAbsent(
              one.number(), _ -> new RevocationLists(database, one.authority(), settings, clock))
          .signBy(one.authority());
    }
    servers.signBy(now.servers());
    return Stream.concat(devices.values().stream(), Stream.of(servers)).toList();
  }

  /** What answers for every devices CA that there is now, the oldest first. */
  private Collection<StatusAnswers> answers() {
    for (var one : authorities.line().devices()) {
      statuses
          .computeIfAbsent(
              one.number(),
              _ -> new StatusAnswers(database, one.authority(), serials, settings, clock))
          .signBy(one.authority());
    }
    return statuses.values();
  }

  /** The answer of the CA that is asked about first; who asks about none of ours is told so. */
  private StatusAnswer answer(byte[] request) {
    var all = List.copyOf(answers());
    return all.stream()
        .filter(one -> one.concerns(request))
        .findFirst()
        .orElse(all.getFirst())
        .answer(request);
  }

  /**
   * Begins to look for what changed.
   *
   * @param making whether this process makes the lists, and not another that shares the registry
   */
  public void begin(BooleanSupplier making) {
    timer.every(
        Duration.ZERO,
        settings.listDelay(),
        "publishing revocations",
        () -> round(making.getAsBoolean()));
  }

  /** Serves lists and answers, and nothing else, over plain HTTP; the port. */
  public int listen(InetSocketAddress address) {
    var opened = new PlainListener(address, this, clock, PlainListener.CONNECTION_MAX);
    listener = opened;
    return opened.port();
  }

  /** What is served besides while an ACME server looks whether names lead here. */
  public ValidationPages validations() {
    return validations;
  }

  /** Such a page. */
  PublicAnswer validation(String token) {
    return validations
        .find(token)
        .map(text -> PublicAnswer.once(PROOF_TYPE, text.getBytes(StandardCharsets.US_ASCII)))
        .orElseGet(() -> PublicAnswer.refusal(404, "no name is being proven by that"));
  }

  /** Makes what is to be made now, and tells where that fails or is late. */
  void round(boolean making) {
    for (var lists : lists()) {
      try {
        lists.refresh(making);
      } catch (StoreUnavailable | IssuanceUnavailable | RevocationTable.TooMany e) {
        failures.increment();
        alarm("revocation lists could not be made; it is tried again", e);
      }
      lists.all().stream()
          .filter(this::isLate)
          .findFirst()
          .ifPresent(
              list ->
                  alarm(
                      "the revocation list '"
                          + list.name().text()
                          + "' is late: from "
                          + list.nextUpdate()
                          + " on, who checks it refuses every device",
                      null));
    }
  }

  private boolean isLate(SignedList list) {
    var least = list.life().multipliedBy(LATE_TENTHS).dividedBy(10);
    return !clock.instant().isBefore(list.nextUpdate().minus(least));
  }

  private synchronized void alarm(String what, @Nullable Exception why) {
    var now = clock.instant();
    if (Duration.between(lastAlarm, now).abs().compareTo(ALARM_EVERY) >= 0) {
      lastAlarm = now;
      LOG.atError().setCause(why).log(what);
    }
  }

  /**
   * A revocation list.
   *
   * @param file the last part of the path where it is
   * @param known the asker's If-None-Match
   */
  public PublicAnswer list(String file, @Nullable String known) {
    if (!file.endsWith(ENDING)) {
      return noList(file);
    }
    var name = ListName.parse(file.substring(0, file.length() - ENDING.length()));
    if (name.isEmpty()) {
      return noList(file);
    }
    try {
      return lists().stream()
          .filter(lists -> lists.whose().equals(name.get().whose()))
          .findFirst()
          .flatMap(lists -> lists.find(name.get()))
          .map(
              list ->
                  PublicAnswer.shared(
                      LIST_TYPE,
                      list.der(),
                      list.thisUpdate(),
                      list.nextUpdate(),
                      clock.instant(),
                      known))
          .orElseGet(() -> noList(file));
    } catch (RevocationTable.TooMany e) {
      return PublicAnswer.refusal(503, String.valueOf(e.getMessage()));
    }
  }

  private static PublicAnswer noList(String file) {
    return PublicAnswer.refusal(404, "no revocation list '" + shown(file) + "'");
  }

  /** What an asker sent is shown to nobody else, and not at length. */
  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /** The status of the certificates that a request in a POST asks for. */
  public PublicAnswer posted(byte[] request) {
    return PublicAnswer.once(STATUS_TYPE, answer(request).der());
  }

  /**
   * The status of the certificates that a path asks for: base64, with percent signs as in any URL
   * (RFC 6960, A.1).
   *
   * @param known the asker's If-None-Match
   */
  public PublicAnswer asked(String path, @Nullable String known) {
    var answer = answer(decoded(path));
    var made = answer.made();
    var until = answer.until();
    return made == null || until == null
        ? PublicAnswer.once(STATUS_TYPE, answer.der())
        : PublicAnswer.shared(STATUS_TYPE, answer.der(), made, until, clock.instant(), known);
  }

  /** The request; nothing, which is malformed, where the path is no base64. */
  private static byte[] decoded(String path) {
    // Bound: three characters for each of base64, which has four for three bytes.
    if (path.length() > OcspRequest.BYTES_MAX * 4) {
      return new byte[0];
    }
    try {
      // A plus sign stands for itself in a path, not for a space.
      var base64 = java.net.URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.US_ASCII);
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** What can be told of it in numbers. */
  public MetricsSource metrics() {
    return out -> {
      var lists = lists();
      if (lists.stream().anyMatch(some -> some.all().isEmpty())) {
        // At the very first; later a look into memory is enough.
        round(false);
      }
      new PublicationMetrics(lists, List.copyOf(answers()), failures::sum, clock).collect(out);
    };
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    timer.close();
  }
}
