package io.sallyport.exchange.builtin;

import java.sql.SQLException;

/** One thing to be written to the store; several are committed as a group. */
abstract class Operation {
  /** Writes; may be called again after the group it was in could not be committed. */
  abstract void write(Database database) throws SQLException;

  /** The group is durable. */
  void committed() {}

  /** The group could not be written, and this operation is given up. */
  void failed() {}

  /**
   * Whether it is tried again until it succeeds, because what happened cannot be refused any more.
   */
  boolean mustHappen() {
    return true;
  }

  /** Whether somebody waits for it who cannot be answered in another way. */
  boolean isUrgent() {
    return false;
  }
}
