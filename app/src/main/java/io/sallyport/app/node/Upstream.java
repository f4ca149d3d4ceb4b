package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.UpstreamKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.exchange.upstream.BrokerAddress;
import io.sallyport.exchange.upstream.Credential;
import io.sallyport.exchange.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the configuration says of the user's own broker, if it names one. */
final class Upstream {
  private static final int PASSWORD_BYTES_MAX = 4 << 10;

  private final Configuration configuration;

  Upstream(Configuration configuration) {
    this.configuration = configuration;
  }

  boolean isConfigured() {
    return !configuration.get(UpstreamKeys.UPSTREAM_ADDRESS).isEmpty();
  }

  UpstreamSettings settings() {
    return new UpstreamSettings(
        address(),
        tls(),
        credential(),
        switch (configuration.get(UpstreamKeys.UPSTREAM_PROTOCOL)) {
          case MQTT_5 -> UpstreamSettings.Protocol.V5;
          case MQTT_3_1_1 -> UpstreamSettings.Protocol.V3_1_1;
        },
        configuration.get(UpstreamKeys.UPSTREAM_PROXY_PROTOCOL),
        configuration.get(UpstreamKeys.UPSTREAM_CONNECT_TIMEOUT),
        configuration.get(UpstreamKeys.UPSTREAM_RETRY_MAX),
        Math.toIntExact(configuration.get(UpstreamKeys.UPSTREAM_KEEP_ALIVE).toSeconds()),
        Math.toIntExact(configuration.get(MqttKeys.PACKET_SIZE_MAX)),
        sharing());
  }

  private UpstreamSettings.Sharing sharing() {
    int connections = configuration.get(UpstreamKeys.UPSTREAM_SHARED_CONNECTIONS);
    var user = configuration.get(UpstreamKeys.UPSTREAM_SHARED_USER);
    if (connections > 0 && user.isEmpty()) {
      throw Failure.badInput(
          UpstreamKeys.UPSTREAM_SHARED_CONNECTIONS.path()
              + " needs "
              + UpstreamKeys.UPSTREAM_SHARED_USER.path()
              + ": the broker does not see the devices' ids on shared connections");
    }
    return new UpstreamSettings.Sharing(connections, user);
  }

  private BrokerAddress.Upstream address() {
    try {
      return BrokerAddress.parse(configuration.get(UpstreamKeys.UPSTREAM_ADDRESS));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(UpstreamKeys.UPSTREAM_ADDRESS.path() + ": " + e.getMessage());
    }
  }

  private UpstreamSettings.Tls tls() {
    var key = path(UpstreamKeys.UPSTREAM_KEY_FILE);
    try {
      if (key != null) {
        DataDirectory.refuseOpenToOthers(key, "chmod 600 " + key);
      }
      return new UpstreamSettings.Tls(
          path(UpstreamKeys.UPSTREAM_TRUST_FILE),
          path(UpstreamKeys.UPSTREAM_CERTIFICATE_FILE),
          key);
    } catch (IllegalArgumentException e) {
      throw Failure.badInput("upstream: " + e.getMessage());
    } catch (IOException e) {
      throw Failure.unavailable(key + " cannot be read", e);
    }
  }

  private Credential credential() {
    var file = path(UpstreamKeys.UPSTREAM_PASSWORD_FILE);
    if (file == null) {
      return Credential.NONE;
    }
    try {
      DataDirectory.refuseOpenToOthers(file, "chmod 600 " + file);
      if (Files.size(file) > PASSWORD_BYTES_MAX) {
        throw Failure.badInput(file + " is too large to be a password");
      }
      var bytes = Files.readAllBytes(file);
      int end = bytes.length;
      while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
      }
      return Credential.of(Arrays.copyOf(bytes, end));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be read", e);
    }
  }

  /** A file that the configuration names and that is there, or null. */
  private @Nullable Path path(Key<String> key) {
    var named = configuration.get(key);
    if (named.isEmpty()) {
      return null;
    }
    var file = Path.of(named);
    if (!Files.isRegularFile(file)) {
      throw Failure.badInput(key.path() + ": there is no file " + file);
    }
    return file;
  }
}
