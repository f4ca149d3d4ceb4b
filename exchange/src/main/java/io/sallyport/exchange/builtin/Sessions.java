package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.builtin.Appointments.Appointment;
import io.sallyport.exchange.builtin.SessionState.Remains;
import io.sallyport.identity.PrincipalId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of sessions: opened, taken over, left, resumed, expired, ended. Its monitor is held for
 * each of these steps, never for a message; wills are published after it is given back.
 */
final class Sessions {
  private static final long MILLIS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Map<String, SessionState> byClientId = new HashMap<>();
  private final Appointments appointments = new Appointments();
  private final Router router;
  private final Subscriptions subscriptions;
  private final Facilities facilities;
  private final Authority authority;
  private long lastId;
  private int persistent;
  private int online;
  private boolean closed;

  Sessions(
      Router router,
      Subscriptions subscriptions,
      Facilities facilities,
      Authority authority,
      long lastId) {
    this.router = router;
    this.subscriptions = subscriptions;
    this.facilities = facilities;
    this.authority = authority;
    this.lastId = lastId;
  }

  /** A will that is due, with whose it is. */
  private record DueWill(SessionState session, Testament testament) {}

  // ---- opening

  Connection open(Opening opening, Outlet outlet) {
    List<DueWill> wills = new ArrayList<>(0);
    Connection connection;
    synchronized (this) {
      connection = openLocked(opening, outlet, wills);
    }
    wills.forEach(this::publish);
    return connection;
  }

  private Connection openLocked(Opening opening, Outlet outlet, List<DueWill> wills) {
    SessionState former = byClientId.get(opening.clientId());
    long expirySeconds = clamp(opening.sessionExpirySeconds());
    Reason refusal = refusal(opening, former, expirySeconds);
    if (refusal != null) {
      Connection refused = connect(newSession(opening), outlet);
      refused.close(refusal);
      return refused;
    }
    SessionState resumed = former == null ? null : inherit(former, opening, wills);
    SessionState session = resumed == null ? newSession(opening) : resumed;
    Connection connection = connect(session, outlet);
    byClientId.put(session.clientId, session);
    setExpiry(session, expirySeconds);
    List<Delivery> released;
    synchronized (session) {
      session.testament =
          opening.will() == null ? null : Testament.of(opening.will(), facilities.clock().millis());
      released = session.attach(connection, opening.receiveMaximum());
      online++;
    }
    connection.begin(resumed != null, released, expirySeconds > 0 || resumed != null);
    return connection;
  }

  private @Nullable Reason refusal(
      Opening opening, @Nullable SessionState former, long expirySeconds) {
    if (closed) {
      return Reason.SERVER_SHUTTING_DOWN;
    }
    if (former != null && former.isOnline() && !former.principal.equals(opening.principal())) {
      return Reason.CLIENT_IDENTIFIER_NOT_VALID;
    }
    boolean another = expirySeconds > 0 && (former == null || !former.isPersistent());
    // Bound: sessions that outlive their connection.
    return another && persistent >= facilities.limits().sessionsStored()
        ? Reason.QUOTA_EXCEEDED
        : null;
  }

  private SessionState newSession(Opening opening) {
    return new SessionState(++lastId, opening.principal(), opening.clientId(), facilities);
  }

  private Connection connect(SessionState session, Outlet outlet) {
    return new Connection(session, outlet, this, router, subscriptions, facilities);
  }

  /** What a new connection inherits from the former session of its client id, or null: nothing. */
  private @Nullable SessionState inherit(
      SessionState former, Opening opening, List<DueWill> wills) {
    Connection old = former.connection();
    if (old != null) {
      old.close(Reason.SESSION_TAKEN_OVER);
      leave(former, old, true, wills);
    }
    boolean continued =
        !former.isGone()
            && !opening.cleanStart()
            && former.principal.equals(opening.principal())
            && !isExpired(former);
    if (continued) {
      return former;
    }
    if (!former.isGone()) {
      end(former, wills);
    }
    return null;
  }

  private boolean isExpired(SessionState session) {
    return facilities.clock().millis() >= expiresAt(session);
  }

  private static long expiresAt(SessionState session) {
    Long since = session.awaySinceMillis;
    return since == null ? Long.MAX_VALUE : since + session.expirySeconds() * MILLIS;
  }

  private long clamp(long seconds) {
    return Math.min(seconds, facilities.limits().sessionExpirySecondsMax());
  }

  private void setExpiry(SessionState session, long seconds) {
    persistent += (seconds > 0 ? 1 : 0) - (session.isPersistent() ? 1 : 0);
    session.expireAfter(seconds);
  }

  // ---- leaving

  /** The connection is over: the will is due if wanted, and the session stays or ends. */
  void release(Connection connection, boolean withWill, long newExpirySeconds) {
    List<DueWill> wills = new ArrayList<>(0);
    synchronized (this) {
      SessionState session = connection.session();
      if (session.connection() != connection) {
        return;
      }
      connection.detach();
      // A session that was to end with its connection cannot be prolonged (MQTT 5, 3.14.2.2.2).
      if (newExpirySeconds >= 0 && session.isPersistent()) {
        setExpiry(session, clamp(newExpirySeconds));
      }
      leave(session, connection, withWill, wills);
    }
    wills.forEach(this::publish);
  }

  private void leave(
      SessionState session, Connection connection, boolean withWill, List<DueWill> wills) {
    long now = facilities.clock().millis();
    if (!session.detach(connection, now)) {
      return;
    }
    online--;
    if (!withWill) {
      session.testament = null;
    }
    if (!session.isPersistent()) {
      end(session, wills);
      return;
    }
    Testament testament = session.testament;
    if (testament != null && testament.delaySeconds() == 0) {
      due(session, wills);
    } else if (testament != null) {
      appointments.add(now + testament.delaySeconds() * MILLIS, session);
    }
    appointments.add(expiresAt(session), session);
    session.keep(null);
  }

  /** The session could not be made durable at its opening. */
  synchronized void abandon(Connection connection, boolean resumed) {
    SessionState session = connection.session();
    if (session.connection() != connection) {
      return;
    }
    connection.detach();
    if (!resumed) {
      setExpiry(session, 0);
    }
    leave(session, connection, false, new ArrayList<>(0));
  }

  // ---- time

  /** Does what has become due: delayed wills, and the end of sessions. */
  void tick(long nowMillis) {
    List<DueWill> wills = new ArrayList<>(0);
    synchronized (this) {
      for (Appointment appointment : appointments.due(nowMillis)) {
        keep(appointment, nowMillis, wills);
      }
    }
    wills.forEach(this::publish);
  }

  private void keep(Appointment appointment, long nowMillis, List<DueWill> wills) {
    SessionState session = appointment.session();
    if (session.isGone() || session.absences != appointment.absence()) {
      return;
    }
    if (nowMillis >= expiresAt(session)) {
      end(session, wills);
    } else if (session.testament != null) {
      due(session, wills);
      session.keep(null);
    }
  }

  // ---- the end of sessions

  /** Ends a session; a will that still waits is due with it (MQTT 5, 3.1.3.2.2). */
  private Remains end(SessionState session, List<DueWill> wills) {
    due(session, wills);
    setExpiry(session, 0);
    Remains remains = session.discard();
    for (String filter : remains.filters()) {
      subscriptions.remove(session, filter);
    }
    byClientId.remove(session.clientId, session);
    return remains;
  }

  /** Ends everything of a principal; its wills are not published. */
  synchronized Ended end(PrincipalId principal, Reason reason) {
    int outlets = 0;
    int sessions = 0;
    int filters = 0;
    int queued = 0;
    int inFlight = 0;
    int wills = 0;
    for (SessionState session : List.copyOf(byClientId.values())) {
      if (!session.principal.equals(principal)) {
        continue;
      }
      sessions++;
      wills += session.testament == null ? 0 : 1;
      session.testament = null;
      Connection connection = session.connection();
      if (connection != null) {
        outlets++;
        online--;
        connection.close(reason);
      }
      Remains remains = end(session, new ArrayList<>(0));
      filters += remains.filters().size();
      queued += remains.queued();
      inFlight += remains.inFlight();
    }
    return new Ended(outlets, sessions, filters, queued, inFlight, wills, 0);
  }

  private static void due(SessionState session, List<DueWill> wills) {
    Testament testament = session.testament;
    if (testament != null) {
      session.testament = null;
      wills.add(new DueWill(session, testament));
    }
  }

  private void publish(DueWill due) {
    Message will = due.testament().due(facilities.clock().millis());
    if (isAllowed(due.session(), will)) {
      router.publish(will);
    }
  }

  /** Fails closed: a decision that breaks is a refusal, and stops nobody else's will. */
  private boolean isAllowed(SessionState session, Message will) {
    try {
      return authority.mayPublishWill(session.principal, session.clientId, will);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("client", session.clientId).log("a will was refused");
      return false;
    }
  }

  /** No session is opened any more; connections are closed, sessions are kept as they are. */
  synchronized void close() {
    closed = true;
    long now = facilities.clock().millis();
    for (SessionState session : byClientId.values()) {
      Connection connection = session.connection();
      if (connection != null) {
        session.closing(now);
        connection.close(Reason.SERVER_SHUTTING_DOWN);
      }
    }
  }

  // ---- after a restart

  /** Puts back a stored session. One that was connected when the process ended is lost now. */
  synchronized void recover(SessionState session) {
    lastId = Math.max(lastId, session.id);
    long now = facilities.clock().millis();
    byClientId.put(session.clientId, session);
    persistent += session.isPersistent() ? 1 : 0;
    if (session.awaySinceMillis == null) {
      session.awaySinceMillis = now;
      session.keep(null);
    }
    Testament testament = session.testament;
    if (testament != null) {
      appointments.add(session.awaySinceMillis + testament.delaySeconds() * MILLIS, session);
    }
    appointments.add(expiresAt(session), session);
  }

  synchronized int online() {
    return online;
  }

  synchronized int persistent() {
    return persistent;
  }
}
