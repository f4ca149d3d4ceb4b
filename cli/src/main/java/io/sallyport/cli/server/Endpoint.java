package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** Where a server says that it listens. */
public final class Endpoint {
  /** The file that a running server keeps in its data directory. */
  public static final String FILE = "endpoint.json";

  private static final int PROBE_TIMEOUT_MILLIS = 2_000;
  private static final int LENGTH_MAX = 16 * 1024;
  private static final int HTTPS_PORT = 443;

  private Endpoint() {}

  /** What the file in that directory says, if there is one. */
  static Optional<URI> in(Path directory) {
    var file = directory.resolve(FILE);
    try (var stream = Files.newInputStream(file)) {
      var address = Json.mapper().readTree(stream.readNBytes(LENGTH_MAX)).get("https");
      if (address != null && address.isString()) {
        return Optional.of(parse(address.stringValue()));
      }
      throw Failure.badInput("no server is named in " + file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException | IOException e) {
      throw Failure.badInput("no server can be read from " + file);
    }
  }

  /** An address as given by a person: {@code https://host[:port]} and nothing else. */
  static URI parse(String text) {
    try {
      var address = new URI(text);
      if ("https".equalsIgnoreCase(address.getScheme())
          && address.getHost() != null
          && address.getUserInfo() == null
          && (address.getPath().isEmpty() || address.getPath().equals("/"))
          && address.getQuery() == null
          && address.getFragment() == null) {
        return new URI("https", null, address.getHost(), address.getPort(), null, null, null);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw Failure.badInput("a server is given as https://host:port, not '" + text + "'");
  }

  /** Whether something accepts connections there. */
  static boolean answers(URI address) {
    var port = address.getPort() < 0 ? HTTPS_PORT : address.getPort();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), port), PROBE_TIMEOUT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
