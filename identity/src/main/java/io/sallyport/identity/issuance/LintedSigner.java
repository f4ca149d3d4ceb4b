package io.sallyport.identity.issuance;

import io.sallyport.identity.lint.Finding;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;

/**
 * The only hand that signs certificates: it looks at what it is given first, and at its own
 * signature afterwards. A signature that a fault spoilt can give the key away, so it never leaves.
 */
final class LintedSigner implements ContentSigner {
  private final ExpectedCertificate expected;
  private final SignatureCheck check;
  private final Signing signing;
  private final ByteArrayOutputStream contents = new ByteArrayOutputStream();

  /** Makes the raw signature; a key in a token has one of its own. */
  @FunctionalInterface
  interface Signing {
    byte[] sign(byte[] contents) throws GeneralSecurityException;

    /** With a key in memory. */
    static Signing with(PrivateKey key, String algorithm) {
      return contents -> {
        var signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(contents);
        return signer.sign();
      };
    }
  }

  LintedSigner(ExpectedCertificate expected, SignatureCheck check, Signing signing) {
    this.expected = expected;
    this.check = check;
    this.signing = signing;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return expected.algorithm();
  }

  @Override
  public OutputStream getOutputStream() {
    return contents;
  }

  @Override
  public byte[] getSignature() {
    var bytes = contents.toByteArray();
    requireClean(bytes);
    try {
      var signature = signing.sign(bytes);
      requireVerified(bytes, signature);
      return signature;
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("a certificate could not be signed", e);
    }
  }

  private void requireClean(byte[] bytes) {
    var findings = ProfileLint.of(bytes, expected);
    if (!findings.isEmpty()) {
      throw new CertificateRefused(findings);
    }
  }

  private void requireVerified(byte[] bytes, byte[] signature) throws GeneralSecurityException {
    if (!check.holds(bytes, signature)) {
      throw new IssuanceUnavailable(
          "the signature that was made does not verify: a fault, or the key of another authority");
    }
  }

  /** What was about to be signed breaks rules; a bug of ours, and nothing left. */
  static final class CertificateRefused extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    CertificateRefused(List<Finding> findings) {
      super(
          "not signed: "
              + findings.stream()
                  .map(finding -> finding.rule() + ": " + finding.detail())
                  .collect(Collectors.joining("; ")));
    }
  }
}
