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
  private Statements statements;

  /** Whether the present transaction has begun; it begins with its first statement. */
  private boolean begun;

  Database(Connection connection) throws SQLException {
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  /** Writes a group in one transaction; false if it turned out that nothing was to be written. */
  boolean transact(List<Operation> group) throws SQLException {
    begun = false;
    try {
      for (Operation operation : group) {
        operation.write(this);
      }
      if (begun) {
        statements.commit.execute();
      }
      return begun;
    } catch (SQLException e) {
      undo(e);
      throw e;
    }
  }

  private void undo(SQLException because) {
    try {
      if (begun) {
        statements.rollback.execute();
      }
    } catch (SQLException e) {
      // A full disk rolls the transaction back by itself; then there is nothing to undo.
      because.addSuppressed(e);
    }
    renew(because);
  }

  /** The driver closes a statement that failed, so all of them are made anew. */
  private void renew(SQLException because) {
    try {
      statements.close();
      statements = new Statements(connection);
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  private void run(PreparedStatement statement) throws SQLException {
    if (!begun) {
      statements.begin.execute();
      begun = true;
    }
    statement.execute();
  }

  void putSession(SessionState session) throws SQLException {
    synchronized (session) {
      statements.putSession.setLong(1, session.id);
      statements.putSession.setString(2, session.principal.value());
      statements.putSession.setString(3, session.clientId);
      statements.putSession.setLong(4, session.expirySeconds());
      Long awaySince = session.awaySinceMillis;
      if (awaySince == null) {
        statements.putSession.setNull(5, Types.INTEGER);
      } else {
        statements.putSession.setLong(5, awaySince);
      }
      bindTestament(session.testament);
    }
    run(statements.putSession);
  }

  private void bindTestament(@Nullable Testament testament) throws SQLException {
    if (testament == null) {
      for (int i = 6; i <= 12; i++) {
        statements.putSession.setNull(i, Types.NULL);
      }
      return;
    }
    Message message = testament.message();
    statements.putSession.setLong(6, testament.delaySeconds());
    statements.putSession.setLong(7, testament.lifetimeMillis());
    statements.putSession.setBytes(8, message.topic());
    statements.putSession.setBytes(9, message.payload());
    statements.putSession.setBytes(10, message.properties());
    statements.putSession.setInt(11, message.qos());
    statements.putSession.setBoolean(12, message.isRetain());
  }

  void deleteSession(long session) throws SQLException {
    for (PreparedStatement statement : statements.deleteSession) {
      statement.setLong(1, session);
      run(statement);
    }
  }

  void putSubscription(long session, Subscription subscription) throws SQLException {
    statements.putSubscription.setLong(1, session);
    statements.putSubscription.setString(2, subscription.filter());
    statements.putSubscription.setInt(3, subscription.maximumQos());
    statements.putSubscription.setBoolean(4, subscription.noLocal());
    statements.putSubscription.setBoolean(5, subscription.retainAsPublished());
    statements.putSubscription.setInt(6, subscription.retainHandling());
    statements.putSubscription.setInt(7, subscription.identifier());
    run(statements.putSubscription);
  }

  void deleteSubscription(long session, String filter) throws SQLException {
    statements.deleteSubscription.setLong(1, session);
    statements.deleteSubscription.setString(2, filter);
    run(statements.deleteSubscription);
  }

  void putMessage(long id, Message message) throws SQLException {
    statements.putMessage.setLong(1, id);
    statements.putMessage.setString(2, message.publisher().value());
    statements.putMessage.setString(3, message.publisherClientId());
    statements.putMessage.setBytes(4, message.topic());
    statements.putMessage.setBytes(5, message.payload());
    statements.putMessage.setBytes(6, message.properties());
    statements.putMessage.setInt(7, message.qos());
    statements.putMessage.setBoolean(8, message.isRetain());
    statements.putMessage.setLong(9, message.expiresAtMillis());
    run(statements.putMessage);
  }

  void deleteMessage(long id) throws SQLException {
    statements.deleteMessage.setLong(1, id);
    run(statements.deleteMessage);
  }

  void putDelivery(Delivery delivery, long message) throws SQLException {
    statements.putDelivery.setLong(1, delivery.session.id);
    statements.putDelivery.setLong(2, delivery.sequence);
    statements.putDelivery.setLong(3, message);
    statements.putDelivery.setInt(4, delivery.qos);
    statements.putDelivery.setBoolean(5, delivery.retain);
    int @Nullable [] identifiers = delivery.identifiers;
    if (identifiers == null) {
      statements.putDelivery.setNull(6, Types.BLOB);
    } else {
      statements.putDelivery.setBytes(6, bytes(identifiers));
    }
    statements.putDelivery.setInt(7, delivery.packetId);
    statements.putDelivery.setBoolean(8, false);
    run(statements.putDelivery);
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES);
    buffer.asIntBuffer().put(values);
    return buffer.array();
  }

  void updateDelivery(Delivery delivery, boolean released) throws SQLException {
    statements.updateDelivery.setInt(1, delivery.packetId);
    statements.updateDelivery.setBoolean(2, released);
    statements.updateDelivery.setLong(3, delivery.session.id);
    statements.updateDelivery.setLong(4, delivery.sequence);
    run(statements.updateDelivery);
  }

  void deleteDelivery(Delivery delivery) throws SQLException {
    statements.deleteDelivery.setLong(1, delivery.session.id);
    statements.deleteDelivery.setLong(2, delivery.sequence);
    run(statements.deleteDelivery);
  }

  void putInbound(long session, int packetId) throws SQLException {
    statements.putInbound.setLong(1, session);
    statements.putInbound.setInt(2, packetId);
    run(statements.putInbound);
  }

  void deleteInbound(long session, int packetId) throws SQLException {
    statements.deleteInbound.setLong(1, session);
    statements.deleteInbound.setInt(2, packetId);
    run(statements.deleteInbound);
  }

  void putRetained(Message message) throws SQLException {
    statements.putRetained.setBytes(1, message.topic());
    statements.putRetained.setString(2, message.publisher().value());
    statements.putRetained.setString(3, message.publisherClientId());
    statements.putRetained.setBytes(4, message.payload());
    statements.putRetained.setBytes(5, message.properties());
    statements.putRetained.setInt(6, message.qos());
    statements.putRetained.setLong(7, message.expiresAtMillis());
    run(statements.putRetained);
  }

  void deleteRetained(byte[] topic) throws SQLException {
    statements.deleteRetained.setBytes(1, topic);
    run(statements.deleteRetained);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
