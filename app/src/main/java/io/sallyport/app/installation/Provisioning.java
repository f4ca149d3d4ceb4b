package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.ProvisioningKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.provisioning.HookSettings;
import io.sallyport.control.provisioning.ProvisioningSettings;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * What the configuration says of fleet provisioning; with a doubt about its hook nothing starts.
 */
final class Provisioning {
  private Provisioning() {}

  static ProvisioningSettings settings(Configuration configuration) {
    var expiry = configuration.get(ProvisioningKeys.TOKEN_EXPIRY);
    var url = configuration.get(ProvisioningKeys.HOOK_URL);
    return new ProvisioningSettings(expiry, url.isEmpty() ? null : hook(configuration, url));
  }

  private static HookSettings hook(Configuration configuration, String url) {
    var secret = secret(configuration);
    try {
      return new HookSettings(
          new URI(url),
          secret,
          anchors(configuration),
          configuration.get(ProvisioningKeys.HOOK_TIMEOUT));
    } catch (IllegalArgumentException e) {
      throw refusedUrl(configuration, String.valueOf(e.getMessage()));
    } catch (URISyntaxException e) {
      throw refusedUrl(configuration, e.getReason());
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Without the URL itself: what is wrong with it may be that there is a password in it. */
  private static Failure refusedUrl(Configuration configuration, String why) {
    return Failure.badInput(configuration.place(ProvisioningKeys.HOOK_URL) + ": " + why);
  }

  private static byte[] secret(Configuration configuration) {
    var key = ProvisioningKeys.HOOK_SECRET_FILE;
    var named = configuration.get(key);
    if (named.isEmpty()) {
      throw Failure.badInput(
          "provisioning.hook-secret-file is missing: make one with"
              + " `openssl rand -out FILE 32`, chmod 600");
    }
    var file = Path.of(named);
    try {
      if (!Files.isRegularFile(file)) {
        throw refused(configuration, key, "there is no such file");
      }
      DataDirectory.refuseOpenToOthers(file, "chmod 600 " + file);
      long length = Files.size(file);
      if (length < HookSettings.SECRET_MIN || length > HookSettings.SECRET_MAX) {
        throw refused(
            configuration,
            key,
            "has not " + HookSettings.SECRET_MIN + " to " + HookSettings.SECRET_MAX + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw refused(configuration, key, "cannot be read");
    }
  }

  private static List<X509Certificate> anchors(Configuration configuration) {
    var key = ProvisioningKeys.HOOK_CA_FILE;
    var named = configuration.get(key);
    if (named.isEmpty()) {
      return List.of();
    }
    try {
      return Pem.certificates(Files.readString(Path.of(named)));
    } catch (IOException e) {
      throw refused(configuration, key, "cannot be read");
    } catch (MalformedPem e) {
      throw refused(configuration, key, "is not a PEM file of certificates: " + e.getMessage());
    }
  }

  private static Failure refused(Configuration configuration, Key<String> key, String why) {
    return Failure.badInput(configuration.place(key) + ": " + configuration.get(key) + ": " + why);
  }
}
