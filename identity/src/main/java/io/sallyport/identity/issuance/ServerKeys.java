package io.sallyport.identity.issuance;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;

/**
 * The keys that devices know the servers of an installation by: the one that is shown, and a backup
 * that takes its place when it is lost or stolen. They outlive every certificate, so that a device
 * may hold on to them.
 */
public final class ServerKeys {
  private final KeyPair shown;
  private final PublicKey backup;

  ServerKeys(KeyPair shown, PublicKey backup) {
    this.shown = shown;
    this.backup = backup;
  }

  /** Keys that live in memory only. */
  static ServerKeys create() {
    return new ServerKeys(KeyPairs.p256(), KeyPairs.p256().getPublic());
  }

  /** The private key that servers prove themselves with. */
  public PrivateKey privateKey() {
    return shown.getPrivate();
  }

  /** The public key in their certificates. */
  public PublicKey publicKey() {
    return shown.getPublic();
  }

  /** The public key of the backup, which is in no certificate yet. */
  public PublicKey backup() {
    return backup;
  }

  @Override
  public String toString() {
    return "ServerKeys[hidden]";
  }
}
