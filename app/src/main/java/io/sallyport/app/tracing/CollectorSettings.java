package io.sallyport.app.tracing;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Where traces go and how many are made. Not a record: one would print the headers. */
final class CollectorSettings {
  private static final int FILE_BYTES_MAX = 64 << 10;
  private static final Pattern HEADER =
      Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}):[ \t]*([\\x20-\\x7e]{1,4096})");

  private final String endpoint;
  private final Map<String, String> headers;
  private final byte[] authorities;
  private final int connectionsOneIn;
  private final int publishesOneIn;

  private CollectorSettings(Configuration configuration) {
    this.endpoint = checked(configuration.get(OperationKeys.TRACING_ENDPOINT));
    this.headers = headers(configuration.get(OperationKeys.TRACING_HEADERS_FILE));
    this.authorities =
        content(OperationKeys.TRACING_CA_FILE, configuration.get(OperationKeys.TRACING_CA_FILE));
    this.connectionsOneIn = configuration.get(OperationKeys.TRACING_CONNECTIONS);
    this.publishesOneIn = configuration.get(OperationKeys.TRACING_PUBLISHES);
  }

  static CollectorSettings of(Configuration configuration) {
    return new CollectorSettings(configuration);
  }

  /** Traces name devices, and headers hold tokens: in clear they leave for this machine only. */
  private static String checked(String text) {
    var name = OperationKeys.TRACING_ENDPOINT.path();
    try {
      var uri = URI.create(text);
      var host = uri.getHost();
      if (host == null || uri.getUserInfo() != null) {
        throw Failure.badInput(name + ": an address such as https://host:4318/v1/traces is needed");
      }
      if ("https".equals(uri.getScheme())
          || ("http".equals(uri.getScheme()) && isThisMachine(host))) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(name + ": not an address");
    }
    throw Failure.badInput(name + ": https is needed, or http to this machine");
  }

  private static boolean isThisMachine(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Map<String, String> headers(String file) {
    var headers = new LinkedHashMap<String, String>();
    var number = 0;
    for (var line :
        new String(secret(file), StandardCharsets.UTF_8).lines().map(String::strip).toList()) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var header = HEADER.matcher(line);
      if (!header.matches()) {
        // Without the line: it may hold a token.
        throw Failure.badInput(file + ":" + number + ": not a header such as 'name: value'");
      }
      headers.put(header.group(1), header.group(2));
    }
    return Map.copyOf(headers);
  }

  private static byte[] secret(String file) {
    if (!file.isEmpty() && Files.exists(Path.of(file))) {
      try {
        DataDirectory.refuseOpenToOthers(Path.of(file), "chmod 600 " + file);
      } catch (IOException e) {
        throw Failure.unavailable(file + " cannot be read", e);
      }
    }
    return content(OperationKeys.TRACING_HEADERS_FILE, file);
  }

  private static byte[] content(Key<String> key, String file) {
    if (file.isEmpty()) {
      return new byte[0];
    }
    try {
      if (!Files.isRegularFile(Path.of(file)) || Files.size(Path.of(file)) > FILE_BYTES_MAX) {
        throw Failure.badInput(key.path() + ": no such file, or too large: " + file);
      }
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be read", e);
    }
  }

  String endpoint() {
    return endpoint;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** PEM, or nothing for those that the JDK trusts. */
  byte[] authorities() {
    return authorities.clone();
  }

  int connectionsOneIn() {
    return connectionsOneIn;
  }

  int publishesOneIn() {
    return publishesOneIn;
  }
}
