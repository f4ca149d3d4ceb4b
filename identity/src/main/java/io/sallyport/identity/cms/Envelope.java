package io.sallyport.identity.cms;

import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;

/**
 * AuthEnvelopedData (RFC 5083, 5084) that one station opens: AES-256-GCM, whose key is transported
 * by RSA-OAEP or agreed on with an ephemeral key on the station's curve.
 */
public final class Envelope {
  private static final int RSA_BITS_MIN = 2048;
  private static final int CURVE_BITS_MIN = 256;
  // Not registered: the JDK's own algorithms stay the ones that everybody else gets.
  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private final X509Certificate station;

  private Envelope(X509Certificate station) {
    this.station = station;
  }

  /** A station that cannot be encrypted to, and why. */
  public static final class UnfitStation extends Exception {
    private static final long serialVersionUID = 1L;

    private UnfitStation(String message) {
      super(message);
    }
  }

  /** Envelopes for the owner of a certificate. */
  public static Envelope to(X509Certificate station) throws UnfitStation {
    var usage = station.getKeyUsage();
    switch (station.getPublicKey()) {
      case ECPublicKey ec -> {
        if (ec.getParams().getOrder().bitLength() < CURVE_BITS_MIN) {
          throw new UnfitStation("its curve is too small");
        }
        require(usage == null || usage[4], "keyAgreement");
      }
      case RSAPublicKey rsa -> {
        if (rsa.getModulus().bitLength() < RSA_BITS_MIN) {
          throw new UnfitStation("its RSA key has fewer than " + RSA_BITS_MIN + " bits");
        }
        require(usage == null || usage[2], "keyEncipherment");
      }
      default -> throw new UnfitStation("its key is neither RSA nor on an elliptic curve");
    }
    return new Envelope(station);
  }

  private static void require(boolean allowed, String usage) throws UnfitStation {
    if (!allowed) {
      throw new UnfitStation("its key usage lacks " + usage);
    }
  }

  /** Seals a content, which stays the caller's to wipe; in DER. */
  public byte[] seal(byte[] content) {
    try {
      var generator = new CMSAuthEnvelopedDataGenerator();
      generator.addRecipientInfoGenerator(recipient());
      var encryptor =
          (OutputAEADEncryptor)
              new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
                  .setProvider(PROVIDER)
                  .build();
      return generator
          .generate(new CMSProcessableByteArray(content), encryptor)
          .toASN1Structure()
          .getEncoded("DER");
    } catch (CMSException | GeneralSecurityException | IOException e) {
      throw new IssuanceUnavailable("a content could not be encrypted", e);
    }
  }

  private RecipientInfoGenerator recipient() throws GeneralSecurityException, CMSException {
    if (!(station.getPublicKey() instanceof ECPublicKey key)) {
      // openssl knows SHA-256 within OAEP, RFC 4055.
      var sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
      var oaep =
          new AlgorithmIdentifier(
              PKCSObjectIdentifiers.id_RSAES_OAEP,
              new RSAESOAEPparams(
                  sha256,
                  new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, sha256),
                  RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM));
      return new JceKeyTransRecipientInfoGenerator(station, oaep).setProvider(PROVIDER);
    }
    var ephemeral = KeyPairGenerator.getInstance("EC");
    ephemeral.initialize(key.getParams());
    var pair = ephemeral.generateKeyPair();
    return new JceKeyAgreeRecipientInfoGenerator(
            SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme,
            pair.getPrivate(),
            pair.getPublic(),
            CMSAlgorithm.AES256_WRAP)
        .addRecipient(station)
        .setProvider(PROVIDER);
  }
}
