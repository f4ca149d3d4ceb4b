package io.sallyport.identity.cms;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.CertificateIdentity.Identified;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.Store;
import org.jspecify.annotations.Nullable;

/**
 * SignedData of an operator over a document that lies beside it, with the operator's chain in it.
 */
public final class DetachedSignature {
  /** Bound: a signature with two certificates has some 2 KiB. */
  public static final int LENGTH_MAX = 64 * 1024;

  private DetachedSignature() {}

  /**
   * Signs a document.
   *
   * @param chain the certificate of that key, then its issuers below the root
   * @return in DER
   */
  public static byte[] sign(byte[] content, PrivateKey key, List<X509Certificate> chain) {
    try {
      var generator = new CMSSignedDataGenerator();
      var signer = new JcaContentSignerBuilder(algorithm(key)).build(key);
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(signer, chain.getFirst()));
      generator.addCertificates(new JcaCertStore(chain));
      return generator.generate(new CMSProcessableByteArray(content), false).getEncoded("DER");
    } catch (GeneralSecurityException | OperatorCreationException | CMSException | IOException e) {
      throw new IssuanceUnavailable("a document could not be signed", e);
    }
  }

  /**
   * The operator who signed a document, or why nobody did who counts. Whether the operator was
   * revoked since is not known here.
   *
   * @param at when the operator's certificate must be valid; null for now
   */
  public static PrincipalId verify(
      byte[] signature, byte[] content, X509Certificate root, @Nullable Instant at)
      throws SignatureRefused {
    try {
      var data = new CMSSignedData(new CMSProcessableByteArray(content), signature);
      var signers = data.getSignerInfos().getSigners();
      if (signers.size() != 1) {
        throw new SignatureRefused("it has " + signers.size() + " signatures, not one");
      }
      return signer(signers.iterator().next(), data.getCertificates(), root, at);
    } catch (CMSException | RuntimeException e) {
      // Fail closed: the ASN.1 reader reports bad input by many unchecked exceptions.
      throw new SignatureRefused("it is no signature over this document");
    }
  }

  private static PrincipalId signer(
      SignerInformation signer,
      Store<X509CertificateHolder> certificates,
      X509Certificate root,
      @Nullable Instant at)
      throws SignatureRefused {
    @SuppressWarnings("unchecked") // Bouncy Castle's selectors have raw types.
    Collection<X509CertificateHolder> found = certificates.getMatches(signer.getSID());
    if (found.size() != 1) {
      throw new SignatureRefused("the signer's certificate is not in it");
    }
    try {
      var leaf = java(found.iterator().next());
      requirePath(leaf, certificates, root, at);
      var verifier = new JcaSimpleSignerInfoVerifierBuilder().build(leaf);
      if (!signer.verify(verifier)) {
        throw new SignatureRefused("it is no signature over this document");
      }
      return operator(leaf);
    } catch (CMSException | OperatorCreationException e) {
      throw new SignatureRefused("it is no signature over this document");
    } catch (GeneralSecurityException e) {
      throw new SignatureRefused("the signer's certificate cannot be read");
    }
  }

  private static void requirePath(
      X509Certificate leaf,
      Store<X509CertificateHolder> certificates,
      X509Certificate root,
      @Nullable Instant at)
      throws GeneralSecurityException, SignatureRefused {
    var name = X500Name.getInstance(leaf.getIssuerX500Principal().getEncoded());
    var issuer =
        certificates.getMatches(null).stream()
            .filter(one -> one.getSubject().equals(name))
            .findFirst();
    if (issuer.isEmpty()) {
      throw new SignatureRefused("the certificate of the signer's issuer is not in it");
    }
    var path =
        CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf, java(issuer.get())));
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    if (at != null) {
      parameters.setDate(Date.from(at));
    }
    try {
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw new SignatureRefused(
          "the signer's certificate does not lead to the root: " + e.getMessage());
    }
  }

  private static PrincipalId operator(X509Certificate leaf) throws SignatureRefused {
    if (CertificateIdentity.of(leaf) instanceof Identified(var kind, var id)
        && kind == PrincipalKind.OPERATOR) {
      return id;
    }
    throw new SignatureRefused("the signer is not an operator");
  }

  private static X509Certificate java(X509CertificateHolder holder)
      throws GeneralSecurityException {
    return new JcaX509CertificateConverter().getCertificate(holder);
  }

  private static String algorithm(PrivateKey key) {
    return switch (key) {
      case ECKey ec ->
          ec.getParams().getOrder().bitLength() > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
      default -> key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : key.getAlgorithm();
    };
  }
}
