package io.sallyport.control.shadow;

import io.sallyport.control.shadow.ShadowAnswer.Accepted;
import io.sallyport.control.shadow.ShadowAnswer.Rejected;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The shadows of all things. Every method works in a transaction of its caller, who posts the
 * publications of an answer when that is durable.
 */
public final class Shadows {
  // Bound: how often a row is read anew when another process was faster.
  private static final int ATTEMPTS_MAX = 8;

  // Bound: shadows that are forgotten in one transaction.
  private static final int SWEEP_MAX = 500;

  private static final byte[] NOTHING_SAID = {};

  private final ShadowSettings settings;
  private final List<ShadowListener> listeners = new CopyOnWriteArrayList<>();

  /** Shadows within bounds. */
  public Shadows(ShadowSettings settings) {
    this.settings = settings;
  }

  /** From now on it hears of what is reported. */
  public void listen(ShadowListener listener) {
    listeners.add(listener);
  }

  /**
   * Changes a shadow, as a message on its {@code update} topic does.
   *
   * @param document a request state document, such as {@code
   *     {"state":{"desired":{"colour":"red"}}}}; with a {@code version} only that one is changed
   */
  public ShadowAnswer update(Handle handle, Instant at, ShadowId id, String document) {
    return update(handle, at, id, document.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #update(Handle, Instant, ShadowId, String)}, of bytes as they came. */
  public ShadowAnswer update(Handle handle, Instant at, ShadowId id, byte[] document) {
    ShadowRequest request;
    try {
      request = ShadowRequest.update(document, settings.documentMax());
    } catch (MalformedShadowRequest e) {
      return new Rejected(e.error(), e.clientToken());
    }
    var standing = ShadowTable.standing(handle, id.thing());
    if (standing.isEmpty()) {
      return rejected(request, ShadowError.NO_THING);
    }
    if (standing.get() == Standing.REVOKED) {
      return rejected(request, ShadowError.FORBIDDEN);
    }
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      var answer = tryUpdate(handle, at, id, request);
      if (answer != null) {
        return answer;
      }
    }
    return rejected(request, ShadowError.TOO_MANY);
  }

  /** Null when another process was faster. */
  private @Nullable ShadowAnswer tryUpdate(
      Handle handle, Instant at, ShadowId id, ShadowRequest request) {
    var row = ShadowTable.find(handle, id).orElse(null);
    boolean exists = row != null && !row.deleted();
    var before = row == null ? ShadowDocument.empty(0) : row.document();
    if (request.version() != null && request.version() != (exists ? before.version() : 0)) {
      return rejected(request, ShadowError.CONFLICT);
    }
    var after = before.updated(request, at.getEpochSecond());
    if (JsonText.write(after.state()).length > settings.documentMax()) {
      return rejected(request, ShadowError.TOO_LARGE);
    }
    if (!exists
        && !id.name().equals(ShadowId.CLASSIC)
        && ShadowTable.lockNamed(handle, id.thing(), at) >= settings.namedMax()) {
      return rejected(request, ShadowError.tooManyNamed(settings.namedMax()));
    }
    boolean written =
        row == null
            ? ShadowTable.insert(handle, id, after, at)
            : ShadowTable.replace(handle, id, row, after, at);
    if (!written) {
      return null;
    }
    var publications = new ArrayList<>(ShadowMessages.updated(at, id, request, before, after));
    if (request.reported() != null) {
      for (var listener : listeners) {
        publications.addAll(listener.reported(handle, at, id, before.reported().state(), after));
      }
    }
    return new Accepted(
        ShadowMessages.accepted(at, request, after.version()), after.version(), publications);
  }

  /** Shows a shadow, as a message on its {@code get} topic does. */
  public ShadowAnswer get(Handle handle, Instant at, ShadowId id) {
    return get(handle, at, id, NOTHING_SAID);
  }

  ShadowAnswer get(Handle handle, Instant at, ShadowId id, byte[] payload) {
    ShadowRequest request;
    try {
      request = ShadowRequest.bare(payload, settings.documentMax());
    } catch (MalformedShadowRequest e) {
      return new Rejected(e.error(), e.clientToken());
    }
    if (ShadowTable.standing(handle, id.thing()).isEmpty()) {
      return rejected(request, ShadowError.NO_THING);
    }
    var row = ShadowTable.find(handle, id).orElse(null);
    if (row == null || row.deleted()) {
      return rejected(request, ShadowError.noShadow(id));
    }
    var shown = ShadowMessages.shown(at, request, row.document());
    return new Accepted(
        shown,
        row.document().version(),
        List.of(ShadowMessages.publication(id, "get/accepted", shown)));
  }

  /**
   * Deletes a shadow, as a message on its {@code delete} topic does; its version is remembered for
   * {@link ShadowSettings#REMEMBERED}.
   *
   * @param version the one that is deleted; null for any
   */
  public ShadowAnswer delete(Handle handle, Instant at, ShadowId id, @Nullable Long version) {
    return delete(handle, at, id, new ShadowRequest(null, null, version, null));
  }

  ShadowAnswer delete(Handle handle, Instant at, ShadowId id, byte[] payload) {
    try {
      return delete(handle, at, id, ShadowRequest.bare(payload, settings.documentMax()));
    } catch (MalformedShadowRequest e) {
      return new Rejected(e.error(), e.clientToken());
    }
  }

  private ShadowAnswer delete(Handle handle, Instant at, ShadowId id, ShadowRequest request) {
    if (ShadowTable.standing(handle, id.thing()).isEmpty()) {
      return rejected(request, ShadowError.NO_THING);
    }
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      var row = ShadowTable.find(handle, id).orElse(null);
      if (row == null || row.deleted()) {
        return rejected(request, ShadowError.noShadow(id));
      }
      long version = row.document().version();
      if (request.version() != null && request.version() != version) {
        return rejected(request, ShadowError.CONFLICT);
      }
      if (ShadowTable.delete(handle, id, version, at)) {
        // So that no thing leaves ever more behind by making and deleting.
        ShadowTable.forgetAllBut(handle, id.thing(), settings.namedMax());
        var response = ShadowMessages.deleted(at, request, version);
        return new Accepted(
            response,
            version,
            List.of(ShadowMessages.publication(id, "delete/accepted", response)));
      }
    }
    return rejected(request, ShadowError.TOO_MANY);
  }

  /**
   * A thing's named shadows behind a name, in the order of bytes; empty where no device has that
   * name.
   */
  public Optional<List<ShadowSummary>> page(
      Handle handle, PrincipalId thing, String after, int limit) {
    return ShadowTable.standing(handle, thing)
        .map(_ -> ShadowTable.page(handle, thing, after, limit));
  }

  /** Forgets versions of shadows that were deleted long enough ago; false if some may be left. */
  public boolean sweep(Handle handle, Instant now) {
    return ShadowTable.forget(handle, now.minus(ShadowSettings.REMEMBERED), SWEEP_MAX) < SWEEP_MAX;
  }

  /** Bound: the longest request in bytes. */
  public int requestMax() {
    return ShadowRequest.PAYLOAD_FACTOR * settings.documentMax();
  }

  /** The client token of a request that is not worked on. */
  @Nullable String tokenOf(byte[] payload) {
    return ShadowRequest.tokenOf(payload, settings.documentMax());
  }

  private static Rejected rejected(ShadowRequest request, ShadowError error) {
    return new Rejected(error, request.clientToken());
  }
}
