package io.sallyport.cli.bundle;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every form of a bundle is made of. Closing wipes the private key.
 *
 * <p>Not a record, which would print it.
 */
public final class Credentials implements AutoCloseable {
  private final Owner owner;
  private final Gate gate;
  private final String chain;
  private final String root;
  private final byte @Nullable [] key;
  private final int nvsSize;

  /** Whose they are. */
  public record Owner(PrincipalKind kind, PrincipalId id) {}

  /**
   * The credentials of a principal.
   *
   * @param gate where it connects
   * @param chain its certificate and then the issuer's, in PEM
   * @param root whom it trusts, in PEM
   * @param key its private key, PKCS#8 in PEM, which becomes ours to wipe; null if it is elsewhere
   * @param nvsSize bytes of a partition of non-volatile storage
   */
  public Credentials(
      Owner owner, Gate gate, String chain, String root, byte @Nullable [] key, int nvsSize) {
    this.owner = owner;
    this.gate = gate;
    this.chain = chain;
    this.root = root;
    this.key = key;
    this.nvsSize = nvsSize;
  }

  Owner owner() {
    return owner;
  }

  String id() {
    return owner.id().value();
  }

  Gate gate() {
    return gate;
  }

  List<Gate.Pin> pins() {
    return gate.pins();
  }

  /** Whose commands it obeys, or null. */
  @Nullable CommandTrust commands() {
    return gate.commands();
  }

  String chain() {
    return chain;
  }

  String root() {
    return root;
  }

  /** The very bytes of the key, or null. */
  byte @Nullable [] key() {
    return key;
  }

  int nvsSize() {
    return nvsSize;
  }

  /** The topic that the default policy lets it publish to. */
  String telemetryTopic() {
    return "devices/" + id() + "/telemetry";
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    if (key != null) {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + owner + "]";
  }
}
