package io.sallyport.identity.issuance;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A fresh P-256 key of a client and the request for its certificate, made where the key will live
 * or from where it is flashed; only the request travels. Closing wipes the key.
 */
public final class DeviceKeys implements AutoCloseable {
  private final byte[] privateKeyPem;
  private final String requestPem;
  private final PublicKey publicKey;

  private DeviceKeys(byte[] privateKeyPem, String requestPem, PublicKey publicKey) {
    this.privateKeyPem = privateKeyPem;
    this.requestPem = requestPem;
    this.publicKey = publicKey;
  }

  /** Makes a key and asks for a certificate of that principal. */
  public static DeviceKeys generate(PrincipalKind kind, PrincipalId id) {
    var keys = KeyPairs.p256();
    try {
      var names =
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, kind.uri(id)));
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.subjectAlternativeName, false, names);
      var subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, id.value()).build();
      var request =
          new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
              .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      var requestPem = Pem.encode("CERTIFICATE REQUEST", request.getEncoded());
      var der = keys.getPrivate().getEncoded();
      var pem = Pem.encode("PRIVATE KEY", der);
      Arrays.fill(der, (byte) 0);
      return new DeviceKeys(
          pem, new String(requestPem, StandardCharsets.US_ASCII), keys.getPublic());
    } catch (OperatorCreationException | IOException e) {
      throw new IssuanceUnavailable("a request could not be made", e);
    }
  }

  /** The private key, PKCS#8 in PEM: a copy, for the caller to write with mode 0600 and wipe. */
  public byte[] privateKeyPem() {
    return privateKeyPem.clone();
  }

  /** The key that the certificate must be for. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** The request, PKCS#10 in PEM. */
  public String requestPem() {
    return requestPem;
  }

  @Override
  public void close() {
    Arrays.fill(privateKeyPem, (byte) 0);
  }

  @Override
  public String toString() {
    return "DeviceKeys[hidden]";
  }
}
