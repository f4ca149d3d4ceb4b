package io.sallyport.control.shadow;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.shadow.ShadowAnswer.Accepted;
import io.sallyport.control.shadow.ShadowAnswer.Rejected;
import io.sallyport.control.shadow.ShadowCounters.Operation;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shadows in operators' hands: each change is in the ledger, and told to whoever subscribed, as
 * after a message.
 */
public final class ShadowDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowDesk.class);

  private final Database database;
  private final Shadows shadows;
  private final ShadowCounters counters;
  private final Postbox postbox;
  private final InstantSource clock;

  /** A desk over all shadows. */
  public ShadowDesk(
      Database database,
      Shadows shadows,
      ShadowCounters counters,
      Postbox postbox,
      InstantSource clock) {
    this.database = database;
    this.shadows = shadows;
    this.counters = counters;
    this.postbox = postbox;
    this.clock = clock;
  }

  /** What happened to requests. */
  public ShadowCounters counters() {
    return counters;
  }

  /** Bound: the longest request in bytes. */
  public int requestMax() {
    return shadows.requestMax();
  }

  /** Shows a shadow. */
  public ShadowAnswer get(ShadowId id) {
    var at = clock.instant();
    return counted(Operation.GET, database.read(handle -> shadows.get(handle, at, id)));
  }

  /** Changes a shadow. */
  public ShadowAnswer update(ShadowId id, String document, String actor) {
    return change(
        Operation.UPDATE,
        EventType.SHADOW_CHANGED,
        id,
        actor,
        (handle, at) -> shadows.update(handle, at, id, document));
  }

  /**
   * Deletes a shadow.
   *
   * @param version only this one; null for any
   */
  public ShadowAnswer delete(ShadowId id, @Nullable Long version, String actor) {
    return change(
        Operation.DELETE,
        EventType.SHADOW_DELETED,
        id,
        actor,
        (handle, at) -> shadows.delete(handle, at, id, version));
  }

  /** A thing's named shadows behind a name; empty where no device has that name. */
  public Optional<List<ShadowSummary>> page(PrincipalId thing, String after, int limit) {
    return database.read(handle -> shadows.page(handle, thing, after, limit));
  }

  /** Forgets versions of shadows that were deleted long enough ago. */
  public void sweep() {
    var now = clock.instant();
    boolean done;
    do {
      done = database.write(handle -> shadows.sweep(handle, now));
    } while (!done);
  }

  @FunctionalInterface
  private interface Change {
    ShadowAnswer make(Handle handle, Instant at);
  }

  private ShadowAnswer change(
      Operation operation, EventType type, ShadowId id, String actor, Change change) {
    var at = clock.instant();
    var answer =
        database.write(
            handle -> {
              LedgerStore.lock(handle);
              var made = change.make(handle, at);
              if (made instanceof Accepted accepted) {
                LedgerStore.append(
                    handle,
                    SecurityEvent.of(
                        at,
                        type,
                        actor,
                        id.thing().value(),
                        Map.of("shadow", id.name(), "version", Long.toString(accepted.version()))));
              }
              return made;
            });
    if (answer instanceof Accepted accepted) {
      accepted.publications().forEach(this::post);
    }
    return counted(operation, answer);
  }

  private void post(Publication publication) {
    // It is done in any case: who hears nothing now finds it by asking.
    var _ =
        postbox
            .post(publication)
            .exceptionally(
                e -> {
                  LOG.atWarn()
                      .setMessage("a change of a shadow was not told")
                      .addKeyValue("topic", publication.topic())
                      .addKeyValue("why", String.valueOf(e.getMessage()))
                      .log();
                  return null;
                });
  }

  private ShadowAnswer counted(Operation operation, ShadowAnswer answer) {
    switch (answer) {
      case Accepted _ -> counters.accepted(operation);
      case Rejected(var error, _) -> counters.rejected(operation, error);
    }
    return answer;
  }
}
