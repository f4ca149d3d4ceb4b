package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.enrolment.authority.ApplicationRecord.State;
import io.sallyport.control.enrolment.authority.AuthorityAnswer.Refused;
import io.sallyport.control.enrolment.authority.AuthorityAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Devices that showed nothing, and what operators decide about them. */
public final class Applications {
  // An approved device comes back within minutes; one that was switched off, within a week.
  private static final Duration DECISION_KEPT = Duration.ofDays(7);

  private final Database database;
  private final InstantSource clock;

  Applications(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The application of a key, made now if there is room; empty if there is none. */
  Optional<ApplicationRecord> ofKey(
      PrincipalId id,
      PublicKeyHash key,
      String source,
      ApprovalSettings settings,
      @Nullable Fingerprint renews) {
    var known = database.read(handle -> ApplicationTable.find(handle, key));
    if (known.isPresent() && !known.get().expiresAt().isBefore(clock.instant())) {
      return known;
    }
    return database.write(handle -> apply(handle, id, key, source, settings, renews));
  }

  private Optional<ApplicationRecord> apply(
      Handle handle,
      PrincipalId id,
      PublicKeyHash key,
      String source,
      ApprovalSettings settings,
      @Nullable Fingerprint renews) {
    var now = clock.instant();
    ApplicationTable.purge(handle, now);
    if (ApplicationTable.count(handle) >= settings.applicationsMax()
        || ApplicationTable.countOfSource(handle, source) >= settings.ofSourceMax()
        || (renews != null
            && ApplicationTable.countRenewalsOf(handle, id)
                >= ExpiredRenewalSettings.WAITING_OF_DEVICE_MAX)) {
      return Optional.empty();
    }
    var application =
        new ApplicationRecord(
            key,
            id,
            State.PENDING,
            source,
            NewcomerTerms.DEFAULTS,
            now,
            now.plus(settings.keptFor()),
            null,
            null,
            renews);
    ApplicationTable.insert(handle, application);
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now, EventType.ENROLMENT_ASKED, "unknown", id.value(), asked(key, source, renews)));
    return ApplicationTable.find(handle, key);
  }

  private static Map<String, String> asked(
      PublicKeyHash key, String source, @Nullable Fingerprint renews) {
    return renews == null
        ? Map.of("key", key.hex(), "address", source)
        : Map.of("key", key.hex(), "address", source, "renews", renews.hex());
  }

  /** The next ones after a key. */
  public List<ApplicationRecord> page(String after, int limit) {
    return database.read(handle -> ApplicationTable.page(handle, after, limit));
  }

  /** How many there are in each state. */
  public Map<String, Long> count() {
    return database.read(ApplicationTable::countByState);
  }

  /** Lets the device have its certificate when it asks again. */
  public AuthorityAnswer approve(String which, NewcomerTerms terms, String actor) {
    var wrong = terms.malformation();
    return wrong.isPresent()
        ? new Refused(Why.MALFORMED, "malformed-terms", wrong.get())
        : decide(which, State.APPROVED, terms, actor);
  }

  /** Refuses that key. */
  public AuthorityAnswer reject(String which, String actor) {
    return decide(which, State.REJECTED, NewcomerTerms.DEFAULTS, actor);
  }

  private AuthorityAnswer decide(String which, State to, NewcomerTerms terms, String actor) {
    return database.write(
        handle -> {
          var waiting = waiting(handle, which);
          if (waiting.isEmpty()) {
            return new Refused(
                Why.UNKNOWN, "application-unknown", "nobody waits as '" + which + "'");
          }
          if (waiting.size() > 1) {
            return new Refused(
                Why.CONFLICT,
                "application-ambiguous",
                waiting.size()
                    + " keys wait as '"
                    + which
                    + "': name the one that is the device's");
          }
          return decide(handle, waiting.getFirst(), to, terms, actor);
        });
  }

  private static List<ApplicationRecord> waiting(Handle handle, String which) {
    var byKey =
        which.matches("[0-9a-f]{64}")
            ? ApplicationTable.find(handle, new PublicKeyHash(which))
                .filter(application -> application.state() == State.PENDING)
            : Optional.<ApplicationRecord>empty();
    return byKey.map(List::of).orElseGet(() -> ApplicationTable.pendingOf(handle, which));
  }

  private AuthorityAnswer decide(
      Handle handle, ApplicationRecord application, State to, NewcomerTerms terms, String actor) {
    var now = clock.instant();
    var key = application.key();
    if (application.renews() != null && !terms.equals(NewcomerTerms.DEFAULTS)) {
      return new Refused(
          Why.MALFORMED,
          "terms-of-renewal",
          "'" + application.id() + "' renews its certificate and stays what it is: no terms here");
    }
    if (!ApplicationTable.decide(handle, key, to, terms, actor, now, now.plus(DECISION_KEPT))) {
      return new Refused(Why.CONFLICT, "application-decided", "somebody else was quicker");
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            to == State.APPROVED ? EventType.ENROLMENT_APPROVED : EventType.ENROLMENT_REJECTED,
            actor,
            application.id().value(),
            Map.of("key", key.hex(), "address", application.source())));
    return new AuthorityAnswer.Decided(ApplicationTable.find(handle, key).orElseThrow());
  }

  /** Lets an approved one in, once. */
  static Warrant warrant(ApplicationRecord application) {
    return (handle, id, key, _) ->
        key.equals(application.key()) && ApplicationTable.issue(handle, key)
            ? Optional.empty()
            : Optional.of(
                new Enrolment.Refused(
                    id.value(),
                    Enrolment.Why.UNACCEPTABLE,
                    "approval-over",
                    "the approval is for another key, or is over"));
  }

  void purge(Handle handle, Instant now) {
    ApplicationTable.purge(handle, now);
  }
}
