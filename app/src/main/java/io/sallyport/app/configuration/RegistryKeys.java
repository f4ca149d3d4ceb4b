package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** Keys of the registry: its database, its authorities and its records. */
public final class RegistryKeys {
  public static final Key<Duration> RECORD_INTERVAL =
      Key.time(
          "policy.record-interval",
          "1s",
          "1h",
          "60s",
          "How often what policies are used for is written; a kill loses no more than this.");
  public static final Key<String> DATABASE_URL =
      Key.text(
          "database.url",
          "JDBC URL",
          "",
          "PostgreSQL (jdbc:postgresql://host/name) instead of the SQLite file in the data"
              + " directory; no password in it.");
  public static final Key<String> DATABASE_USER =
      Key.text("database.user", "name", "", "The PostgreSQL user.");
  public static final Key<String> DATABASE_PASSWORD_FILE =
      Key.text(
          "database.password-file", "path", "", "A file, mode 0600, with the user's password.");
  public static final Key<String> PASSPHRASE_FILE =
      Key.text(
          "ca.passphrase-file",
          "path",
          "",
          "A file, mode 0600, with the passphrase that seals the CA's keys; else the environment"
              + " variable SALLYPORT_PASSPHRASE; else a generated key file in the data directory.");
  public static final Key<Duration> DEVICE_VALIDITY =
      Key.time("ca.device-validity", "1h", "1825d", "365d", "Life of a device's certificate.");
  public static final Key<Duration> ATTESTATION_MAX_AGE =
      Key.time(
          "attestation.max-age",
          "1m",
          "365d",
          "7d",
          "How long a device's evidence of what it runs counts; then it is not attested any more.");

  public static final Key<String> WEAK_KEY_LIST =
      Key.text(
          "ca.weak-key-list",
          "path",
          "",
          "A file with compromised RSA keys that get no certificate, in the format of Debian's"
              + " openssl-blacklist.");

  static final List<Key<?>> ALL =
      List.of(
          RECORD_INTERVAL,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD_FILE,
          PASSPHRASE_FILE,
          DEVICE_VALIDITY,
          ATTESTATION_MAX_AGE,
          WEAK_KEY_LIST);

  private RegistryKeys() {}
}
