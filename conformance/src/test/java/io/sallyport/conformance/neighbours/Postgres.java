package io.sallyport.conformance.neighbours;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL that can be stopped in the middle of everything. */
final class Postgres implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path data;

  private final String address;

  private Postgres(EmbeddedPostgres server, Path data, String address) {
    this.address = address;
    this.server = server;
    this.data = data;
  }

  /** One that this machine alone reaches. */
  static Postgres start() {
    return start("127.0.0.1", "127.0.0.1/32");
  }

  /**
   * One that hosts of a block of addresses reach.
   *
   * @param address where they find it
   */
  static Postgres start(String address, String from) {
    try {
      var data = Files.createTempDirectory("sallyport-pg");
      var server =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setServerConfig("listen_addresses", "*")
              .start();
      Files.writeString(
          data.resolve("pg_hba.conf"),
          "host all all " + from + " trust\n",
          StandardOpenOption.APPEND);
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("select pg_reload_conf()");
      }
      return new Postgres(server, data, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** As a gateway's configuration names it. */
  String url() {
    return "jdbc:postgresql://" + address + ":" + port() + "/postgres";
  }

  /** Freezes it: connections stay open, and nobody answers. */
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
      var all = new ArrayList<>(List.of("kill", "-" + name, Long.toString(pid)));
      ProcessHandle.of(pid).stream()
          .flatMap(ProcessHandle::descendants)
          .forEach(child -> all.add(Long.toString(child.pid())));
      // A child may have ended meanwhile; the postmaster comes first.
      var _ = new ProcessBuilder(all).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thaw();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
