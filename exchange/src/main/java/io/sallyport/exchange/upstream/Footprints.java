package io.sallyport.exchange.upstream;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.Reason;
import io.sallyport.identity.PrincipalId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each principal has left at the broker and would be there after it: sessions with their
 * filters, and topics of retained messages. A broker cannot be asked for it, so it is written down,
 * durably, before the broker is told.
 */
final class Footprints implements AutoCloseable {
  /** Told when a footprint is durable (null), or why there is none; on any thread. */
  @FunctionalInterface
  interface Noted {
    void noted(@Nullable Reason refusal);
  }

  /** What one principal has left. */
  record Left(Set<String> clientIds, Set<String> topics) {}

  private static final long MILLIS = 1_000;
  private static final int WAIT_SECONDS = 30;

  private final Map<String, Stored> sessions = new HashMap<>();
  private final Map<String, Mark> retained = new HashMap<>();
  private final Set<PrincipalId> ending = new TreeSet<>();
  private final Scribe scribe;
  private final ExchangeLimits limits;
  private final InstantSource clock;
  private int filterCount;

  /** A session that outlives its connection. */
  private static final class Stored {
    final PrincipalId principal;
    final Set<String> filters = new HashSet<>(4);
    long expirySeconds;
    long expiresAt = Long.MAX_VALUE;
    boolean isDurable;

    Stored(PrincipalId principal, long expirySeconds) {
      this.principal = principal;
      this.expirySeconds = expirySeconds;
    }
  }

  private static final class Mark {
    final PrincipalId principal;
    boolean isDurable;

    Mark(PrincipalId principal) {
      this.principal = principal;
    }
  }

  /** Opens the file and takes up what it holds: who was connected is taken as gone now. */
  Footprints(Path directory, ExchangeLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    Connection connection = FootprintFile.open(directory);
    try {
      read(connection);
    } catch (SQLException | IllegalArgumentException e) {
      throw new ExchangeUnavailable("the exchange's store cannot be read: " + e.getMessage(), e);
    }
    scribe = new Scribe(connection);
    scribe.start();
  }

  private void read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT * FROM session")) {
        while (rows.next()) {
          var stored = new Stored(new PrincipalId(rows.getString(2)), rows.getLong(3));
          stored.isDurable = true;
          stored.expiresAt = clock.millis() + stored.expirySeconds * MILLIS;
          sessions.put(rows.getString(1), stored);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM subscription")) {
        while (rows.next()) {
          var stored = sessions.get(rows.getString(1));
          filterCount += stored != null && stored.filters.add(rows.getString(2)) ? 1 : 0;
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM retained")) {
        while (rows.next()) {
          var mark = new Mark(new PrincipalId(rows.getString(2)));
          mark.isDurable = true;
          retained.put(rows.getString(1), mark);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM ending")) {
        while (rows.next()) {
          ending.add(new PrincipalId(rows.getString(1)));
        }
      }
    }
    connection.commit();
  }

  // ---- sessions

  /** Whether a stored session of this client id is known to be somebody else's. */
  synchronized boolean isAnothers(String clientId, PrincipalId principal) {
    var stored = sessions.get(clientId);
    return stored != null && !stored.principal.equals(principal);
  }

  /** Whether a session of that client id may be at the broker. */
  synchronized boolean isStored(String clientId) {
    return sessions.containsKey(clientId);
  }

  /** Notes a session that outlives its connection, before the broker has it. */
  void keep(String clientId, PrincipalId principal, long expirySeconds, Noted noted) {
    synchronized (this) {
      var stored = sessions.get(clientId);
      if (stored == null && sessions.size() >= limits.sessionsStored()) {
        noted.noted(Reason.QUOTA_EXCEEDED);
        return;
      }
      if (stored == null || !stored.principal.equals(principal)) {
        forget(clientId);
        stored = new Stored(principal, expirySeconds);
        sessions.put(clientId, stored);
      }
      stored.expiresAt = Long.MAX_VALUE;
      if (!stored.isDurable || stored.expirySeconds != expirySeconds) {
        stored.expirySeconds = expirySeconds;
        var written = stored;
        scribe.write(
            "INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (client_id) DO UPDATE SET"
                + " principal = excluded.principal, expiry_seconds = excluded.expiry_seconds",
            durable -> {
              synchronized (this) {
                written.isDurable |= durable;
              }
              noted.noted(durable ? null : Reason.SERVER_UNAVAILABLE);
            },
            clientId,
            principal.value(),
            expirySeconds);
        return;
      }
    }
    noted.noted(null);
  }

  /** The session begins anew: its filters are gone. */
  synchronized void emptied(String clientId) {
    var stored = sessions.get(clientId);
    if (stored != null) {
      remove(clientId, List.copyOf(stored.filters));
    }
  }

  /** Its connection is gone; it may come back until it expires. */
  synchronized void away(String clientId) {
    var stored = sessions.get(clientId);
    if (stored != null) {
      stored.expiresAt = clock.millis() + stored.expirySeconds * MILLIS;
    }
  }

  /** The session has ended at the broker. */
  synchronized void forget(String clientId) {
    var stored = sessions.remove(clientId);
    if (stored != null) {
      filterCount -= stored.filters.size();
      scribe.write("DELETE FROM session WHERE client_id = ?", _ -> {}, clientId);
      scribe.write("DELETE FROM subscription WHERE client_id = ?", _ -> {}, clientId);
    }
  }

  /** A session that has expired, by its client id and whose it was. */
  record Expired(String clientId, PrincipalId principal) {}

  /** Forgets the sessions that have expired by now. */
  synchronized List<Expired> expire() {
    long now = clock.millis();
    List<Expired> expired = new ArrayList<>(0);
    sessions.forEach(
        (clientId, stored) -> {
          if (stored.expiresAt <= now) {
            expired.add(new Expired(clientId, stored.principal));
          }
        });
    expired.forEach(session -> forget(session.clientId()));
    return expired;
  }

  // ---- filters of stored sessions

  synchronized Set<String> filters(String clientId) {
    var stored = sessions.get(clientId);
    return stored == null ? Set.of() : Set.copyOf(stored.filters);
  }

  /** Notes filters of a stored session; those of another are nobody's business but its own. */
  void subscribe(String clientId, Collection<String> filters, Noted noted) {
    synchronized (this) {
      var stored = sessions.get(clientId);
      var fresh = filters.stream().filter(f -> stored != null && stored.filters.add(f)).toList();
      filterCount += fresh.size();
      for (int i = 0; i < fresh.size(); i++) {
        boolean last = i == fresh.size() - 1;
        scribe.write(
            "INSERT INTO subscription VALUES (?, ?) ON CONFLICT DO NOTHING",
            durable -> {
              if (last) {
                noted.noted(durable ? null : Reason.UNSPECIFIED_ERROR);
              }
            },
            clientId,
            fresh.get(i));
      }
      if (!fresh.isEmpty()) {
        return;
      }
    }
    noted.noted(null);
  }

  /** These filters are not subscribed to any more. */
  synchronized void remove(String clientId, Collection<String> filters) {
    var stored = sessions.get(clientId);
    for (String filter : filters) {
      if (stored != null && stored.filters.remove(filter)) {
        filterCount--;
        scribe.write(
            "DELETE FROM subscription WHERE client_id = ? AND filter = ?",
            _ -> {},
            clientId,
            filter);
      }
    }
  }

  // ---- retained messages

  /** Whether it is durably noted that this principal has a retained message on that topic. */
  synchronized boolean isRetained(String topic, PrincipalId principal) {
    var mark = retained.get(topic);
    return mark != null && mark.isDurable && mark.principal.equals(principal);
  }

  /** Notes who has written a retained message, before the broker has it. */
  synchronized void retain(String topic, PrincipalId principal, Noted noted) {
    if (!retained.containsKey(topic) && retained.size() >= limits.retainedMessages()) {
      noted.noted(Reason.QUOTA_EXCEEDED);
      return;
    }
    var mark = new Mark(principal);
    retained.put(topic, mark);
    scribe.write(
        "INSERT INTO retained VALUES (?, ?)"
            + " ON CONFLICT (topic) DO UPDATE SET principal = excluded.principal",
        durable -> {
          synchronized (this) {
            mark.isDurable = durable;
          }
          noted.noted(durable ? null : Reason.UNSPECIFIED_ERROR);
        },
        topic,
        principal.value());
  }

  /** The broker has no retained message on that topic any more. */
  synchronized void cleared(String topic) {
    if (retained.remove(topic) != null) {
      scribe.write("DELETE FROM retained WHERE topic = ?", _ -> {}, topic);
    }
  }

  // ---- the end of a principal

  /** Notes that everything of it is to end, so that a crash cannot stop that. */
  void begin(PrincipalId principal) {
    synchronized (this) {
      ending.add(principal);
      scribe.write(
          "INSERT INTO ending VALUES (?) ON CONFLICT DO NOTHING", _ -> {}, principal.value());
    }
    awaitWritten();
  }

  synchronized boolean isEnding(PrincipalId principal) {
    return !ending.isEmpty() && ending.contains(principal);
  }

  synchronized List<PrincipalId> ending() {
    return List.copyOf(ending);
  }

  /** What it has left; its own id is always among the client ids. */
  synchronized Left left(PrincipalId principal) {
    Set<String> clientIds = new TreeSet<>(Set.of(principal.value()));
    Set<String> topics = new TreeSet<>();
    sessions.forEach(
        (clientId, stored) -> {
          if (stored.principal.equals(principal)) {
            clientIds.add(clientId);
          }
        });
    retained.forEach(
        (topic, mark) -> {
          if (mark.principal.equals(principal)) {
            topics.add(topic);
          }
        });
    return new Left(clientIds, topics);
  }

  /** How many filters its stored sessions have, those of some client ids left out. */
  synchronized int filtersExcept(PrincipalId principal, Collection<String> clientIds) {
    int[] count = {0};
    sessions.forEach(
        (clientId, stored) -> {
          boolean counts = stored.principal.equals(principal) && !clientIds.contains(clientId);
          count[0] += counts ? stored.filters.size() : 0;
        });
    return count[0];
  }

  /** Everything of it has ended. */
  void finish(PrincipalId principal, Left gone) {
    synchronized (this) {
      gone.clientIds().forEach(this::forget);
      gone.topics().forEach(this::cleared);
      ending.remove(principal);
      scribe.write("DELETE FROM ending WHERE principal = ?", _ -> {}, principal.value());
    }
    awaitWritten();
  }

  private void awaitWritten() {
    if (!scribe.awaitWritten(WAIT_SECONDS)) {
      throw new ExchangeUnavailable("the exchange's store cannot be written", null);
    }
  }

  synchronized int sessionCount() {
    return sessions.size();
  }

  synchronized int filterCount() {
    return filterCount;
  }

  synchronized int retainedCount() {
    return retained.size();
  }

  @Override
  public void close() {
    scribe.close();
  }
}
