package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.builtin.Delivery.Phase;
import io.sallyport.identity.PrincipalId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the store at start, before the journal writes to it. */
final class Recovery {
  private static final int PACKET_ID_MAX = 0xFFFF;

  private final Connection connection;
  private final Facilities facilities;
  private final Map<Long, SessionState> sessions = new HashMap<>();

  Recovery(Connection connection, Facilities facilities) {
    this.connection = connection;
    this.facilities = facilities;
  }

  /** The greatest number that a message has in the store. */
  long lastMessage() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM message")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Gives everything back to those who keep it. */
  void restore(Sessions into, Subscriptions subscriptions, RetainedMessages retained)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      readSessions(statement);
      readSubscriptions(statement, subscriptions);
      readInbound(statement);
      readDeliveries(statement);
      readRetained(statement, retained);
      statement.execute("DELETE FROM message WHERE id NOT IN (SELECT message FROM delivery)");
    }
    sessions.values().forEach(into::recover);
  }

  private void readSessions(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT * FROM session ORDER BY id")) {
      while (row.next()) {
        SessionState session =
            new SessionState(
                row.getLong("id"),
                new PrincipalId(row.getString("principal")),
                row.getString("client_id"),
                facilities);
        long awaySince = row.getLong("away_since");
        boolean connected = row.wasNull();
        session.recover(
            row.getLong("expiry_seconds"), connected ? null : awaySince, testament(row));
        sessions.put(session.id, session);
      }
    }
  }

  private static @Nullable Testament testament(ResultSet row) throws SQLException {
    byte[] topic = row.getBytes("will_topic");
    if (topic == null) {
      return null;
    }
    Message message =
        new Message(
            new PrincipalId(row.getString("principal")),
            row.getString("client_id"),
            topic,
            row.getBytes("will_payload"),
            row.getBytes("will_properties"),
            row.getInt("will_qos"),
            row.getBoolean("will_retain"),
            Message.NEVER);
    return new Testament(message, row.getLong("will_delay"), row.getLong("will_lifetime"));
  }

  private void readSubscriptions(Statement statement, Subscriptions subscriptions)
      throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT * FROM subscription")) {
      while (row.next()) {
        SessionState session = sessions.get(row.getLong("session"));
        if (session != null) {
          Subscription subscription =
              new Subscription(
                  row.getString("filter"),
                  row.getInt("maximum_qos"),
                  row.getBoolean("no_local"),
                  row.getBoolean("retain_as_published"),
                  row.getInt("retain_handling"),
                  row.getInt("identifier"));
          session.subscriptions().put(subscription.filter(), subscription);
          subscriptions.add(session, subscription);
        }
      }
    }
  }

  private void readInbound(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT session, packet_id FROM inbound")) {
      while (row.next()) {
        SessionState session = sessions.get(row.getLong("session"));
        if (session != null) {
          session.noteInbound(packetId(row, 1));
        }
      }
    }
  }

  private void readDeliveries(Statement statement) throws SQLException {
    Map<Long, Publication> publications = new HashMap<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT d.session, d.sequence, d.message, d.qos AS delivery_qos,
                d.retain AS delivery_retain, d.identifiers, d.packet_id, d.released, m.*
            FROM delivery d JOIN message m ON m.id = d.message ORDER BY d.session, d.sequence\
            """)) {
      while (row.next()) {
        SessionState session = sessions.get(row.getLong("session"));
        if (session != null) {
          long id = row.getLong("message");
          Publication known = publications.get(id);
          Publication publication = known == null ? new Publication(id, message(row)) : known;
          publications.put(id, publication);
          session.recover(delivery(row, session, publication));
        }
      }
    }
  }

  private static Delivery delivery(ResultSet row, SessionState session, Publication publication)
      throws SQLException {
    Delivery delivery =
        new Delivery(
            session,
            publication.message,
            row.getInt("delivery_qos"),
            row.getBoolean("delivery_retain"),
            identifiers(row.getBytes("identifiers")),
            publication);
    delivery.sequence = row.getLong("sequence");
    delivery.packetId = packetId(row, 0);
    // With a packet id it was sent. Without one it was not, unless it is QoS 1 and its session was
    // connected when the process was killed: those are written when a connection ends.
    delivery.dup = delivery.packetId != 0;
    delivery.doubtful = delivery.qos == 1 && !delivery.dup && session.awaySinceMillis == null;
    if (row.getBoolean("released")) {
      delivery.phase = Phase.RELEASED;
    } else if (delivery.qos == 2 && delivery.packetId != 0) {
      delivery.phase = Phase.SECURED;
    }
    delivery.claimForWriting();
    publication.recovered();
    return delivery;
  }

  /** What no session could have written would take memory for as many ids as it says. */
  private static int packetId(ResultSet row, int min) throws SQLException {
    long id = row.getLong("packet_id");
    if (id < min || id > PACKET_ID_MAX) {
      throw new SQLException(
          "a packet id is " + id + ", and MQTT's are " + min + " to " + PACKET_ID_MAX);
    }
    return (int) id;
  }

  private static int @Nullable [] identifiers(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    int[] values = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).asIntBuffer().get(values);
    return values;
  }

  private static Message message(ResultSet row) throws SQLException {
    return new Message(
        new PrincipalId(row.getString("publisher")),
        row.getString("client_id"),
        row.getBytes("topic"),
        row.getBytes("payload"),
        row.getBytes("properties"),
        row.getInt("qos"),
        row.getBoolean("retain"),
        row.getLong("expires_at"));
  }

  private static void readRetained(Statement statement, RetainedMessages retained)
      throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT *, 1 AS retain FROM retained")) {
      while (row.next()) {
        retained.recover(message(row));
      }
    }
  }
}
