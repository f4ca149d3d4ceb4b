package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/**
 * The root on a machine that is on no network: its certificate, and its key encrypted by a
 * passphrase as openssl reads it.
 */
public final class OfflineRoot {
  private static final String CERTIFICATE = "root.crt";
  private static final String KEY = "root.key";

  private final CertificateAuthority authority;

  private OfflineRoot(CertificateAuthority authority) {
    this.authority = authority;
  }

  /** The root of an installation whose key is on line still. */
  static OfflineRoot of(CertificateAuthority authority) {
    return new OfflineRoot(authority);
  }

  /** Makes a root, and the directory for it with whatever is to be kept beside it. */
  public static OfflineRoot create(
      java.nio.file.Path directory, Passphrase passphrase, Serials serials, Instant now)
      throws CeremonyRefused {
    var root = CertificateAuthority.createRoot(serials, now);
    var contents =
        Map.of(
            CERTIFICATE,
            Pem.of(root.certificate()),
            KEY,
            EncryptedKeyPem.write(root.key(), passphrase));
    if (!new SecretFiles(directory).createAll(contents)) {
      throw new CeremonyRefused("root-exists", directory + " exists already");
    }
    return new OfflineRoot(root);
  }

  /** Opens the root of a directory. */
  public static OfflineRoot open(java.nio.file.Path directory, Passphrase passphrase, Instant now)
      throws CeremonyRefused {
    var files = new SecretFiles(directory);
    try {
      files.requireOwnerOnly();
      var certificate = Pem.certificate(text(files, CERTIFICATE));
      CeremonyRules.requireRoot(certificate, now);
      var key = EncryptedKeyPem.read(text(files, KEY), passphrase);
      AuthorityChain.requireKey(AuthorityName.ROOT, certificate, key);
      return new OfflineRoot(new CertificateAuthority(AuthorityName.ROOT, certificate, key));
    } catch (AuthorityRefused e) {
      throw new CeremonyRefused("root-files", String.valueOf(e.getMessage()));
    } catch (MalformedPem e) {
      throw new CeremonyRefused("root-files", CERTIFICATE + ": " + e.getMessage());
    } catch (SealBroken e) {
      throw new CeremonyRefused("root-passphrase", KEY + ": " + e.getMessage());
    }
  }

  private static String text(SecretFiles files, String name) throws CeremonyRefused {
    if (!files.has(name)) {
      throw new CeremonyRefused("root-files", "there is no " + name);
    }
    return new String(files.read(name), java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * Certifies an issuing authority: path length 0, five years, nothing of what it asked besides.
   */
  public X509Certificate sign(AuthorityRequest request, Serials serials, Instant now) {
    return authority.certifyIssuing(
        request.name(), request.generation(), request.publicKey(), serials, now);
  }

  /**
   * Certifies the key of another root (RFC 4210, 4.4): NewWithOld where this is the old one,
   * OldWithNew where it is the new one.
   *
   * @throws CeremonyRefused where the two have not the same name: a link that is not self-issued
   *     would take a level of the path's length
   */
  public X509Certificate link(X509Certificate other, Serials serials, Instant now)
      throws CeremonyRefused {
    RolloverRules.requireLinkable(authority.certificate(), other);
    return authority.link(other, serials, now);
  }

  /** For what is signed on this machine. */
  CertificateAuthority authority() {
    return authority;
  }

  /** Its certificate. */
  public X509Certificate certificate() {
    return authority.certificate();
  }
}
