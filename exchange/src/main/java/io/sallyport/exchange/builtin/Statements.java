package io.sallyport.exchange.builtin;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The prepared statements of the store. */
final class Statements implements AutoCloseable {
  final PreparedStatement begin;
  final PreparedStatement commit;
  final PreparedStatement rollback;
  final PreparedStatement putSession;
  final PreparedStatement[] deleteSession;
  final PreparedStatement putSubscription;
  final PreparedStatement deleteSubscription;
  final PreparedStatement putMessage;
  final PreparedStatement deleteMessage;
  final PreparedStatement putDelivery;
  final PreparedStatement updateDelivery;
  final PreparedStatement deleteDelivery;
  final PreparedStatement putInbound;
  final PreparedStatement deleteInbound;
  final PreparedStatement putRetained;
  final PreparedStatement deleteRetained;

  private final List<PreparedStatement> all = new ArrayList<>();

  Statements(Connection connection) throws SQLException {
    begin = prepare(connection, "BEGIN IMMEDIATE");
    commit = prepare(connection, "COMMIT");
    rollback = prepare(connection, "ROLLBACK");
    putSession =
        prepare(
            connection,
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    deleteSession =
        new PreparedStatement[] {
          prepare(connection, "DELETE FROM session WHERE id = ?"),
          prepare(connection, "DELETE FROM subscription WHERE session = ?"),
          prepare(connection, "DELETE FROM delivery WHERE session = ?"),
          prepare(connection, "DELETE FROM inbound WHERE session = ?")
        };
    putSubscription =
        prepare(connection, "INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)");
    deleteSubscription =
        prepare(connection, "DELETE FROM subscription WHERE session = ? AND filter = ?");
    putMessage = prepare(connection, "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    deleteMessage = prepare(connection, "DELETE FROM message WHERE id = ?");
    putDelivery = prepare(connection, "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    updateDelivery =
        prepare(
            connection,
            "UPDATE delivery SET packet_id = ?, released = ? WHERE session = ? AND sequence = ?");
    deleteDelivery = prepare(connection, "DELETE FROM delivery WHERE session = ? AND sequence = ?");
    putInbound = prepare(connection, "INSERT OR REPLACE INTO inbound VALUES (?, ?)");
    deleteInbound = prepare(connection, "DELETE FROM inbound WHERE session = ? AND packet_id = ?");
    putRetained =
        prepare(connection, "INSERT OR REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?, ?)");
    deleteRetained = prepare(connection, "DELETE FROM retained WHERE topic = ?");
  }

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    all.add(statement);
    return statement;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }
}
