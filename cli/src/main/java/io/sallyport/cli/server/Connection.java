package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Surroundings;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server a command talks to and as whom. */
public final class Connection {
  private static final Path DEFAULT_DATA = Path.of("sallyport-data");

  private final Surroundings surroundings;
  private final LocalServer local;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Data directory of the server, with operator/ and endpoint.json in it.",
        "Default: $$SALLYPORT_DATA, ./sallyport-data, ~/.config/sallyport."
      })
  private @Nullable Path data;

  @Option(
      names = "--operator-dir",
      paramLabel = "DIR",
      description = "Directory with operator.crt, operator.key and ca.crt.")
  private @Nullable Path operatorDirectory;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = {
        "The server, https://host:port.",
        "Default: $$SALLYPORT_SERVER, else as endpoint.json says."
      })
  private @Nullable String server;

  /** Options of a command in those surroundings. */
  public Connection(Surroundings surroundings, LocalServer local) {
    this.surroundings = surroundings;
    this.local = local;
  }

  /** The failure when nothing listens there. */
  static Failure noServer(URI address, Throwable cause) {
    return Failure.unreachable(
        "no server answers at " + address + "; start one with `sallyport up`", cause);
  }

  /** Where the operator's files are, and whose server may be started here for the command. */
  private record Place(Path operator, Path endpoint, @Nullable Path data) {}

  /** The files of the operator as whom a command would connect. */
  public OperatorFiles operator() {
    return new OperatorFiles(place().operator());
  }

  /** Connects; where no server listens for the data directory, one is started for this command. */
  public ControlClient open() {
    var named = named();
    var place = place();
    var operator = new OperatorFiles(place.operator());
    if (!operator.exist()) {
      throw Failure.badInput(
          "there is no operator certificate in "
              + place.operator()
              + "; make one with `sallyport ca init`, or name its directory with --operator-dir");
    }
    // Before anything is started: unusable files must not leave a server behind.
    var tls = operator.tls();
    if (named != null) {
      return new ControlClient(named, tls, surroundings.pause(), null);
    }
    var listening = Endpoint.in(place.endpoint()).orElse(null);
    if (listening != null && Endpoint.answers(listening)) {
      return new ControlClient(listening, tls, surroundings.pause(), null);
    }
    return started(place, tls, listening);
  }

  private ControlClient started(Place place, SSLContext tls, @Nullable URI silent) {
    if (place.data() != null) {
      var running = local.startFor(place.data()).orElse(null);
      if (running != null) {
        return new ControlClient(running.address(), tls, surroundings.pause(), running::close);
      }
    }
    if (silent != null) {
      throw noServer(silent, new ConnectException());
    }
    throw Failure.unavailable(
        "no server is named in "
            + place.endpoint().resolve(Endpoint.FILE)
            + "; start one with `sallyport up`, or name one with --server");
  }

  private @Nullable URI named() {
    var given = server == null ? surroundings.environment().get("SALLYPORT_SERVER") : server;
    return given == null || given.isEmpty() ? null : Endpoint.parse(given);
  }

  private Place place() {
    if (operatorDirectory != null && data != null) {
      throw Failure.badInput("give --data or --operator-dir, not both");
    }
    if (operatorDirectory != null) {
      return new Place(operatorDirectory, operatorDirectory, null);
    }
    var given = surroundings.environment().getOrDefault("SALLYPORT_DATA", "");
    if (data != null || !given.isEmpty()) {
      return ofData(data == null ? Path.of(given) : data);
    }
    var personal = surroundings.home().resolve(".config").resolve("sallyport");
    var here = ofData(DEFAULT_DATA);
    return !new OperatorFiles(here.operator()).exist() && new OperatorFiles(personal).exist()
        ? new Place(personal, personal, null)
        : here;
  }

  private static Place ofData(Path data) {
    return new Place(data.resolve("operator"), data, data);
  }
}
