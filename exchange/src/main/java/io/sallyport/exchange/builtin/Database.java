package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements by which the store is written; used by the journal's thread alone. */
final class Database implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;
  private final PreparedStatement putSession;
  private final PreparedStatement[] deleteSession;
  private final PreparedStatement putSubscription;
  private final PreparedStatement deleteSubscription;
  private final PreparedStatement putMessage;
  private final PreparedStatement deleteMessage;
  private final PreparedStatement putDelivery;
  private final PreparedStatement updateDelivery;
  private final PreparedStatement deleteDelivery;
  private final PreparedStatement putInbound;
  private final PreparedStatement deleteInbound;
  private final PreparedStatement putRetained;
  private final PreparedStatement deleteRetained;

  /** Whether the present transaction has begun; it begins with its first statement. */
  private boolean begun;

  Database(Connection connection) throws SQLException {
    this.connection = connection;
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    commit = connection.prepareStatement("COMMIT");
    rollback = connection.prepareStatement("ROLLBACK");
    putSession =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    deleteSession =
        new PreparedStatement[] {
          connection.prepareStatement("DELETE FROM session WHERE id = ?"),
          connection.prepareStatement("DELETE FROM subscription WHERE session = ?"),
          connection.prepareStatement("DELETE FROM delivery WHERE session = ?"),
          connection.prepareStatement("DELETE FROM inbound WHERE session = ?")
        };
    putSubscription =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)");
    deleteSubscription =
        connection.prepareStatement("DELETE FROM subscription WHERE session = ? AND filter = ?");
    putMessage =
        connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    deleteMessage = connection.prepareStatement("DELETE FROM message WHERE id = ?");
    putDelivery =
        connection.prepareStatement("INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    updateDelivery =
        connection.prepareStatement(
            "UPDATE delivery SET packet_id = ?, released = ? WHERE session = ? AND sequence = ?");
    deleteDelivery =
        connection.prepareStatement("DELETE FROM delivery WHERE session = ? AND sequence = ?");
    putInbound = connection.prepareStatement("INSERT OR REPLACE INTO inbound VALUES (?, ?)");
    deleteInbound =
        connection.prepareStatement("DELETE FROM inbound WHERE session = ? AND packet_id = ?");
    putRetained =
        connection.prepareStatement("INSERT OR REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?, ?)");
    deleteRetained = connection.prepareStatement("DELETE FROM retained WHERE topic = ?");
  }

  /** Writes a group in one transaction; one that turns out to write nothing costs nothing. */
  void transact(List<Operation> group) throws SQLException {
    begun = false;
    try {
      for (Operation operation : group) {
        operation.write(this);
      }
      if (begun) {
        commit.execute();
      }
    } catch (SQLException e) {
      undo(e);
      throw e;
    }
  }

  private void undo(SQLException because) {
    try {
      if (begun) {
        rollback.execute();
      }
    } catch (SQLException e) {
      // A full disk rolls the transaction back by itself; then there is nothing to undo.
      because.addSuppressed(e);
    }
  }

  private void run(PreparedStatement statement) throws SQLException {
    if (!begun) {
      begin.execute();
      begun = true;
    }
    statement.execute();
  }

  void putSession(SessionState session) throws SQLException {
    synchronized (session) {
      putSession.setLong(1, session.id);
      putSession.setString(2, session.principal.value());
      putSession.setString(3, session.clientId);
      putSession.setLong(4, session.expirySeconds());
      Long awaySince = session.awaySinceMillis;
      if (awaySince == null) {
        putSession.setNull(5, Types.INTEGER);
      } else {
        putSession.setLong(5, awaySince);
      }
      bindTestament(session.testament);
    }
    run(putSession);
  }

  private void bindTestament(@Nullable Testament testament) throws SQLException {
    if (testament == null) {
      for (int i = 6; i <= 12; i++) {
        putSession.setNull(i, Types.NULL);
      }
      return;
    }
    Message message = testament.message();
    putSession.setLong(6, testament.delaySeconds());
    putSession.setLong(7, testament.lifetimeMillis());
    putSession.setBytes(8, message.topic());
    putSession.setBytes(9, message.payload());
    putSession.setBytes(10, message.properties());
    putSession.setInt(11, message.qos());
    putSession.setBoolean(12, message.isRetain());
  }

  void deleteSession(long session) throws SQLException {
    for (PreparedStatement statement : deleteSession) {
      statement.setLong(1, session);
      run(statement);
    }
  }

  void putSubscription(long session, Subscription subscription) throws SQLException {
    putSubscription.setLong(1, session);
    putSubscription.setString(2, subscription.filter());
    putSubscription.setInt(3, subscription.maximumQos());
    putSubscription.setBoolean(4, subscription.noLocal());
    putSubscription.setBoolean(5, subscription.retainAsPublished());
    putSubscription.setInt(6, subscription.retainHandling());
    putSubscription.setInt(7, subscription.identifier());
    run(putSubscription);
  }

  void deleteSubscription(long session, String filter) throws SQLException {
    deleteSubscription.setLong(1, session);
    deleteSubscription.setString(2, filter);
    run(deleteSubscription);
  }

  void putMessage(long id, Message message) throws SQLException {
    putMessage.setLong(1, id);
    putMessage.setString(2, message.publisher().value());
    putMessage.setString(3, message.publisherClientId());
    putMessage.setBytes(4, message.topic());
    putMessage.setBytes(5, message.payload());
    putMessage.setBytes(6, message.properties());
    putMessage.setInt(7, message.qos());
    putMessage.setBoolean(8, message.isRetain());
    putMessage.setLong(9, message.expiresAtMillis());
    run(putMessage);
  }

  void deleteMessage(long id) throws SQLException {
    deleteMessage.setLong(1, id);
    run(deleteMessage);
  }

  void putDelivery(Delivery delivery, long message) throws SQLException {
    putDelivery.setLong(1, delivery.session.id);
    putDelivery.setLong(2, delivery.sequence);
    putDelivery.setLong(3, message);
    putDelivery.setInt(4, delivery.qos);
    putDelivery.setBoolean(5, delivery.retain);
    int @Nullable [] identifiers = delivery.identifiers;
    if (identifiers == null) {
      putDelivery.setNull(6, Types.BLOB);
    } else {
      putDelivery.setBytes(6, bytes(identifiers));
    }
    putDelivery.setInt(7, delivery.packetId);
    putDelivery.setBoolean(8, false);
    run(putDelivery);
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES);
    buffer.asIntBuffer().put(values);
    return buffer.array();
  }

  void updateDelivery(Delivery delivery, boolean released) throws SQLException {
    updateDelivery.setInt(1, delivery.packetId);
    updateDelivery.setBoolean(2, released);
    updateDelivery.setLong(3, delivery.session.id);
    updateDelivery.setLong(4, delivery.sequence);
    run(updateDelivery);
  }

  void deleteDelivery(Delivery delivery) throws SQLException {
    deleteDelivery.setLong(1, delivery.session.id);
    deleteDelivery.setLong(2, delivery.sequence);
    run(deleteDelivery);
  }

  void putInbound(long session, int packetId) throws SQLException {
    putInbound.setLong(1, session);
    putInbound.setInt(2, packetId);
    run(putInbound);
  }

  void deleteInbound(long session, int packetId) throws SQLException {
    deleteInbound.setLong(1, session);
    deleteInbound.setInt(2, packetId);
    run(deleteInbound);
  }

  void putRetained(Message message) throws SQLException {
    putRetained.setBytes(1, message.topic());
    putRetained.setString(2, message.publisher().value());
    putRetained.setString(3, message.publisherClientId());
    putRetained.setBytes(4, message.payload());
    putRetained.setBytes(5, message.properties());
    putRetained.setInt(6, message.qos());
    putRetained.setLong(7, message.expiresAtMillis());
    run(putRetained);
  }

  void deleteRetained(byte[] topic) throws SQLException {
    deleteRetained.setBytes(1, topic);
    run(deleteRetained);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
