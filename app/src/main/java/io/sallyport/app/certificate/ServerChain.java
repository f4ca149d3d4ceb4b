package io.sallyport.app.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Whether a chain that somebody else made can be shown by a server; its dates apart. */
public final class ServerChain {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private ServerChain() {}

  /**
   * What speaks against it, as the end of a sentence.
   *
   * @param chain the leaf, then each one's issuer
   * @param names that clients will call the server by
   */
  public static Optional<String> objection(List<X509Certificate> chain, List<String> names) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (!issued(chain.get(i + 1), chain.get(i))) {
        return Optional.of(
            "certificate "
                + (i + 2)
                + " did not issue certificate "
                + (i + 1)
                + ": the leaf comes first, then each one's issuer");
      }
    }
    var leaf = chain.getFirst();
    try {
      var usages = leaf.getExtendedKeyUsage();
      if (leaf.getBasicConstraints() >= 0 || (usages != null && !usages.contains(SERVER_AUTH))) {
        return Optional.of("the first certificate is not one for a server (serverAuth)");
      }
      return new AlternativeNames(leaf).missing(names).map(name -> "is not for '" + name + "'");
    } catch (CertificateParsingException e) {
      return Optional.of("cannot be understood: " + e.getMessage());
    }
  }

  private static boolean issued(X509Certificate issuer, X509Certificate subject) {
    try {
      subject.verify(issuer.getPublicKey());
      return subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
