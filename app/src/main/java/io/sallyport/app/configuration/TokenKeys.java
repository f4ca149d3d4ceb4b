package io.sallyport.app.configuration;

import java.util.List;

/** Keys that say where private keys live: sealed in files, or in a PKCS #11 token. */
public final class TokenKeys {
  /** Where the keys of authorities and servers are made and used. */
  public enum Home {
    FILE,
    PKCS11
  }

  public static final Key<Home> HOME =
      Key.choice(
          "pki.keys",
          Home.class,
          Home.FILE,
          "Where the keys of the issuing CAs and of the server live: sealed in `ca/`, or made in a"
              + " PKCS #11 token that they never leave. Decided when they are made, and kept.");
  public static final Key<String> LIBRARY =
      Key.text(
          "pkcs11.library",
          "path",
          "",
          "The token's PKCS #11 library, by its absolute path; it is native code, run as ours.");
  public static final Key<String> TOKEN =
      Key.text("pkcs11.token", "label", "", "The token, by its label; slots may change places.");
  public static final Key<String> PIN_FILE =
      Key.text(
          "pkcs11.pin-file",
          "path",
          "",
          "A file, mode 0600, with the user's PIN; else the environment variable"
              + " SALLYPORT_PKCS11_PIN; else systemd's credential `sallyport-pkcs11-pin`.");
  public static final Key<String> DEVICES =
      Key.text(
          "pkcs11.devices-key", "label", "sallyport-devices", "The devices CA's key in the token.");
  public static final Key<String> SERVERS =
      Key.text(
          "pkcs11.servers-key", "label", "sallyport-servers", "The servers CA's key in the token.");
  public static final Key<Boolean> TLS_KEYS =
      Key.flag(
          "pkcs11.tls-keys",
          true,
          "Whether the server's TLS key and its backup are in the token too; each full handshake"
              + " then waits for a signature of the token.");
  public static final Key<String> TLS =
      Key.text("pkcs11.tls-key", "label", "sallyport-tls", "The server's TLS key in the token.");
  public static final Key<String> TLS_BACKUP =
      Key.text("pkcs11.tls-backup-key", "label", "sallyport-tls-backup", "Its backup.");
  public static final Key<Boolean> COMMAND_KEYS =
      Key.flag(
          "pkcs11.command-keys",
          false,
          "Whether keys that sign commands are made in the token from now on; those of before stay"
              + " where they are until they are rotated away.");
  public static final Key<String> COMMAND =
      Key.text(
          "pkcs11.command-key",
          "label",
          "sallyport-command",
          "What their labels begin with; the first is `sallyport-command-2`.");

  static final List<Key<?>> ALL =
      List.of(
          HOME,
          LIBRARY,
          TOKEN,
          PIN_FILE,
          DEVICES,
          SERVERS,
          TLS_KEYS,
          TLS,
          TLS_BACKUP,
          COMMAND_KEYS,
          COMMAND);

  private TokenKeys() {}
}
