package io.sallyport.identity.lint;

import static io.sallyport.identity.lint.Rule.must;
import static io.sallyport.identity.lint.Rule.when;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All rules of RFC 5280 that we know, over one certificate, a chain, or what is to be signed. */
public final class CertificateLint {
  private static final Rule<SignedCertificate> SAME_ALGORITHM =
      must(
          "rfc5280-4.1.1.2-signature-algorithm",
          "RFC 5280, 4.1.1.2",
          "the algorithm of the signature is the one that the signature covers",
          one -> when(!one.algorithm().equals(one.toBeSigned().algorithm()), "they differ"));
  private static final Rule<SignedCertificate> DER =
      must(
          "x690-10-der-whole",
          "RFC 5280, 4.1; X.690, 10 and 11",
          "the whole certificate is written in DER",
          one -> when(!one.isDer(), "DER would write it differently"));

  private static final List<Rule<SignedCertificate>> OF_SIGNED = List.of(SAME_ALGORITHM, DER);

  private static final List<Rule<ToBeSigned>> OF_CONTENTS =
      Stream.of(Basics.RULES, Times.RULES, Names.RULES, Extensions.RULES, KeyRules.RULES)
          .flatMap(List::stream)
          .toList();

  private static final String STRUCTURE = "rfc5280-4.1-structure";

  private CertificateLint() {}

  /** What the tables hold, for the documentation: name, severity, source and what must hold. */
  public static List<Rule<?>> rules() {
    var all = new ArrayList<Rule<?>>();
    all.add(
        must(
            STRUCTURE, "RFC 5280, 4.1", "it has the structure of a certificate", _ -> Stream.of()));
    all.addAll(OF_SIGNED);
    all.addAll(OF_CONTENTS);
    all.add(KeyRules.STRENGTH);
    all.addAll(Issued.RULES);
    return List.copyOf(all);
  }

  /** Looks at what is about to be signed, but for how its key was made. */
  public static List<Finding> ofContents(ToBeSigned toBeSigned) {
    return Rule.apply(OF_CONTENTS, toBeSigned);
  }

  /** Looks at one certificate by itself; a self-issued one also as its own issuer. */
  public static List<Finding> of(byte[] der) {
    return ofChain(List.of(der)).getFirst();
  }

  /**
   * Looks at each certificate of a chain, and at each two that follow each other.
   *
   * @param chain the leaf first; it need not reach a root
   * @return one list for each
   */
  public static List<List<Finding>> ofChain(List<byte[]> chain) {
    var all = new ArrayList<List<Finding>>();
    for (int i = 0; i < chain.size(); i++) {
      all.add(one(chain.get(i), i + 1 < chain.size() ? chain.get(i + 1) : null));
    }
    return List.copyOf(all);
  }

  private static List<Finding> one(byte[] der, byte @Nullable [] issuer) {
    SignedCertificate certificate;
    try {
      certificate = SignedCertificate.parse(der);
    } catch (ToBeSigned.Malformed e) {
      return List.of(
          new Finding(
              STRUCTURE, Finding.Severity.ERROR, "RFC 5280, 4.1", String.valueOf(e.getMessage())));
    }
    var findings = new ArrayList<>(Rule.apply(OF_SIGNED, certificate));
    findings.addAll(ofContents(certificate.toBeSigned()));
    findings.addAll(Rule.apply(List.of(KeyRules.STRENGTH), certificate.toBeSigned()));
    var above = certificate.toBeSigned().isSelfIssued() ? der : issuer;
    if (above != null) {
      try {
        var pair = new Issued(certificate, SignedCertificate.parse(above).toBeSigned());
        findings.addAll(Rule.apply(Issued.RULES, pair));
      } catch (ToBeSigned.Malformed e) {
        // Said of the issuer itself, which stands in the chain too.
      }
    }
    return List.copyOf(findings);
  }
}
