package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * What an issuing authority without a certificate asks an off-line root for (PKCS #10), signed by
 * the key that is to be certified.
 */
public final class AuthorityRequest {
  private static final String TYPE = "CERTIFICATE REQUEST";

  /** Bound: authorities of one name that may follow each other in an installation. */
  public static final int GENERATIONS_MAX = 99;

  // Bound: ours have less than half a KiB.
  private static final int PEM_MAX = 16 << 10;

  private final AuthorityName name;
  private final int generation;
  private final PublicKey key;
  private final byte[] der;

  private AuthorityRequest(AuthorityName name, int generation, PublicKey key, byte[] der) {
    this.name = name;
    this.generation = generation;
    this.key = key;
    this.der = der;
  }

  /** A request for the first authority of that name. */
  static AuthorityRequest of(AuthorityName name, KeyPair keys) {
    return of(name, 1, keys);
  }

  /** A request for that authority, whose key signs it wherever it lives. */
  static AuthorityRequest of(AuthorityName name, int generation, KeyPair keys) {
    try {
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      extensions.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      var builder =
          new JcaPKCS10CertificationRequestBuilder(
              CertificateSigner.commonName(name.commonName(generation)), keys.getPublic());
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      var request = builder.build(CertificateSigner.contentSigner(keys.getPrivate()));
      return new AuthorityRequest(name, generation, keys.getPublic(), request.getEncoded());
    } catch (IOException | OperatorCreationException e) {
      throw new IssuanceUnavailable("a request could not be signed", e);
    }
  }

  /** Reads a request: of one of the issuing authorities, with a proof that the key is there. */
  public static AuthorityRequest parse(String pem) throws CeremonyRefused {
    if (pem.length() > PEM_MAX) {
      throw refused("request-structure", "it is larger than " + PEM_MAX + " bytes");
    }
    try {
      var der = Pem.decode(pem, TYPE);
      var request = new PKCS10CertificationRequest(der);
      if (!Arrays.equals(request.getEncoded(), der)) {
        throw refused("request-structure", "it is not written in DER");
      }
      var key =
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new X509EncodedKeySpec(request.getSubjectPublicKeyInfo().getEncoded()));
      CeremonyRules.requireCurve(key);
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("request-proof", "it is not signed by the key that it asks for");
      }
      var name = name(request.getSubject());
      return new AuthorityRequest(name, generation(name, request.getSubject()), key, der);
    } catch (MalformedPem | IOException | GeneralSecurityException e) {
      throw refused("request-structure", "it is not a request with an elliptic key");
    } catch (PKCSException | OperatorCreationException | RuntimeException e) {
      throw refused("request-proof", "its signature cannot be verified");
    }
  }

  private static AuthorityName name(X500Name subject) throws CeremonyRefused {
    for (var name : new AuthorityName[] {AuthorityName.DEVICES, AuthorityName.SERVERS}) {
      if (generation(name, subject) > 0) {
        return name;
      }
    }
    throw refused("request-subject", "'" + subject + "' is not one of the issuing CAs");
  }

  /** Which of that name a subject names; 0 for none. */
  private static int generation(AuthorityName name, X500Name subject) {
    for (int number = 1; number <= GENERATIONS_MAX; number++) {
      if (subject.equals(CertificateSigner.commonName(name.commonName(number)))) {
        return number;
      }
    }
    return 0;
  }

  private static CeremonyRefused refused(String rule, String why) {
    return new CeremonyRefused(rule, why);
  }

  /** Which authority asks. */
  public AuthorityName name() {
    return name;
  }

  /** Which authority of that name it is, from 1. */
  public int generation() {
    return generation;
  }

  /** The common name that it asks for. */
  public String commonName() {
    return name.commonName(generation);
  }

  /** The key that is to be certified. */
  public PublicKey publicKey() {
    return key;
  }

  /** For files. */
  public String pem() {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + TYPE + "-----\n" + body + "\n-----END " + TYPE + "-----\n";
  }
}
