package io.sallyport.gateway.connection;

/** One connection's deadline: for its handshake, its CONNECT, then for every next packet. */
final class Silence extends DeadlineWheel.Deadline {
  private final Connection connection;

  Silence(Connection connection) {
    this.connection = connection;
  }

  @Override
  int reached(int tick) {
    return connection.silentSince(tick);
  }
}
