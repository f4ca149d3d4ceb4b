package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;

/** The checks that stored authorities are what they were made as, before anything is signed. */
final class AuthorityChain {
  private static final int KEY_CERT_SIGN = 5;

  private AuthorityChain() {}

  /** Root signed by itself, the others by the root, all of them authorities of the right depth. */
  static void require(Map<AuthorityName, X509Certificate> certificates) throws AuthorityRefused {
    var root = certificates.get(AuthorityName.ROOT);
    if (root == null) {
      throw new IllegalArgumentException("no root");
    }
    for (var entry : certificates.entrySet()) {
      var name = entry.getKey();
      var certificate = entry.getValue();
      var usage = certificate.getKeyUsage();
      int depth = certificate.getBasicConstraints();
      // A root of somebody else may have more levels below it, or say nothing of them.
      if ((name == AuthorityName.ROOT ? depth < 1 : depth != 0)
          || usage == null
          || !usage[KEY_CERT_SIGN]) {
        throw broken(name, "is not an authority of the right depth");
      }
      requireSigned(name, certificate, root);
    }
  }

  private static void requireSigned(
      AuthorityName name, X509Certificate certificate, X509Certificate root)
      throws AuthorityRefused {
    if (!certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
      throw broken(name, "was issued by another root");
    }
    try {
      certificate.verify(root.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw broken(name, "was not signed by the root");
    }
  }

  /** Signs and verifies once: the only test of a pair that fits every kind of key. */
  static void requireKey(AuthorityName name, X509Certificate certificate, PrivateKey key)
      throws AuthorityRefused {
    try {
      var probe = name.word().getBytes(StandardCharsets.US_ASCII);
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(probe);
      var signature = signer.sign();
      // Another object: the provider of a key in a token verifies nothing.
      var verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(probe);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // Keys of different curves end here: no pair, told below.
    }
    throw new AuthorityRefused(
        Reason.KEY_MISMATCH, "the key of '" + name.word() + "' is not that of its certificate");
  }

  private static AuthorityRefused broken(AuthorityName name, String what) {
    return new AuthorityRefused(
        Reason.BROKEN_CHAIN, "the certificate of '" + name.word() + "' " + what);
  }
}
