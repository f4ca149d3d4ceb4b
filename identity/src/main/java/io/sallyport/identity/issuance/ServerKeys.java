package io.sallyport.identity.issuance;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

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

  /**
   * Asks another authority to certify the key that is shown (PKCS #10, in DER).
   *
   * @param names the DNS names that the certificate is to be for
   */
  public byte[] request(List<String> names) {
    try {
      var extensions = new ExtensionsGenerator();
      var alternatives =
          names.stream()
              .map(name -> new GeneralName(GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      extensions.addExtension(
          Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      // Without a subject: the names are all that an authority of the public looks at.
      var nobody = new X500NameBuilder(BCStyle.INSTANCE).build();
      var builder = new JcaPKCS10CertificationRequestBuilder(nobody, shown.getPublic());
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      return builder.build(CertificateSigner.contentSigner(shown.getPrivate())).getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IssuanceUnavailable("a request could not be signed", e);
    }
  }

  @Override
  public String toString() {
    return "ServerKeys[hidden]";
  }
}
