package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of fleet provisioning: devices with a claim that speak MQTT at once. */
public final class ProvisioningKeys {
  public static final Key<Boolean> ENABLED =
      Key.flag(
          "provisioning.enabled",
          false,
          "Devices may come to the MQTT listeners with a claim that is bound to provisioning"
              + " templates, and call AWS IoT's fleet provisioning there; a claim opens nothing"
              + " else.");
  public static final Key<Duration> LIFETIME =
      Key.time(
          "provisioning.lifetime",
          "10s",
          "30m",
          "2m",
          "How long a connection with a claim may last, whatever it does.");
  public static final Key<Integer> CONNECTIONS_PER_CLAIM =
      Key.number(
          "provisioning.connections-per-claim",
          1,
          10_000,
          32,
          "Most connections at once with one claim, on one gateway.");
  public static final Key<Duration> TOKEN_EXPIRY =
      Key.time(
          "provisioning.token-expiry",
          "1m",
          "1h",
          "1h",
          "How long a certificate waits for its device to register; then it is given up.");
  public static final Key<String> HOOK_URL =
      Key.text(
          "provisioning.hook-url",
          "URL",
          "",
          "Who is asked before a device of a template with `--hook` is registered: `https://`, or"
              + " `http://` at this machine. Without it such devices are refused.");
  public static final Key<String> HOOK_SECRET_FILE =
      Key.text(
          "provisioning.hook-secret-file",
          "path",
          "",
          "File with the key, 32 to 512 bytes, that signs what the hook is sent; readable by nobody"
              + " else.");
  public static final Key<String> HOOK_CA_FILE =
      Key.text(
          "provisioning.hook-ca-file",
          "path",
          "",
          "CA certificates (PEM) that the hook's certificate must lead to; without it those that"
              + " the JDK trusts.");
  public static final Key<Duration> HOOK_TIMEOUT =
      Key.time(
          "provisioning.hook-timeout",
          "100ms",
          "20s",
          "5s",
          "Until the hook's whole answer must be here; no answer is a no.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          LIFETIME,
          CONNECTIONS_PER_CLAIM,
          TOKEN_EXPIRY,
          HOOK_URL,
          HOOK_SECRET_FILE,
          HOOK_CA_FILE,
          HOOK_TIMEOUT);

  private ProvisioningKeys() {}
}
