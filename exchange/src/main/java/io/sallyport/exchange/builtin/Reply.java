package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import org.jspecify.annotations.Nullable;

/** An answer to a client that may have to wait until something is durable. */
abstract class Reply {
  private final Connection connection;
  private @Nullable Reason failure;
  private volatile boolean complete;

  Reply(Connection connection) {
    this.connection = connection;
  }

  /** What it answers is durable, or failed for the given reason; from any thread, once or more. */
  final void complete(@Nullable Reason why) {
    if (!complete) {
      failure = why;
      complete = true;
      connection.wake();
    }
  }

  final boolean isComplete() {
    return complete;
  }

  final void send(Outlet outlet) {
    send(outlet, failure);
  }

  /** Says it to the client; on the connection's thread. */
  abstract void send(Outlet outlet, @Nullable Reason why);
}
