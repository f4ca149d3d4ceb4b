package io.sallyport.identity.attestation;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A DICE chain: each layer certifies the next and says what it measured. */
final class ChainEvidence {
  private static final int LENGTH_MAX = 8;
  private static final int P384_BITS = 384;

  // What is looked at here: basicConstraints, keyUsage, DiceTcbInfo. RFC 5280, section 4.2.
  private static final Set<String> UNDERSTOOD = Set.of("2.5.29.19", "2.5.29.15", TcbInfo.OID);
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;

  private ChainEvidence() {}

  static Claims claims(Evidence.Chain evidence, List<PublicKey> anchors, Expectation expected)
      throws EvidenceRefused {
    var chain = evidence.certificates();
    if (chain.isEmpty() || chain.size() > LENGTH_MAX) {
      throw malformed("a chain has 1 to " + LENGTH_MAX + " certificates");
    }
    requireChain(chain, anchors, expected);
    var alias = chain.getFirst().getPublicKey();
    if (!PublicKeyHash.of(alias).equals(expected.deviceKey())) {
      throw new EvidenceRefused(
          Reason.OTHER_DEVICE, "the chain leads to another key than that of " + expected.device());
    }
    if (!proves(alias, expected.nonce().bytes(), evidence.proof())) {
      throw new EvidenceRefused(
          Reason.NOT_FRESH, "the proof is not the alias key's signature over the nonce");
    }
    return measured(chain);
  }

  private static void requireChain(
      List<X509Certificate> chain, List<PublicKey> anchors, Expectation expected)
      throws EvidenceRefused {
    for (int i = 0; i < chain.size(); i++) {
      var certificate = chain.get(i);
      try {
        certificate.checkValidity(Date.from(expected.now()));
      } catch (CertificateException e) {
        throw malformed("certificate " + i + " of the chain is not valid now");
      }
      var critical = certificate.getCriticalExtensionOIDs();
      if (critical != null && !UNDERSTOOD.containsAll(critical)) {
        throw malformed("certificate " + i + " has a critical extension that is not understood");
      }
      var usage = certificate.getKeyUsage();
      if (usage != null && !usage[i == 0 ? DIGITAL_SIGNATURE : KEY_CERT_SIGN]) {
        throw malformed("certificate " + i + " of the chain is for another use by its keyUsage");
      }
      // Of the certificates below it, all but the alias key's own are authorities.
      if (i > 0 && certificate.getBasicConstraints() < i - 1) {
        throw malformed("certificate " + i + " of the chain is no authority, or not for so many");
      }
      if (i + 1 < chain.size()
          && (!certificate
                  .getIssuerX500Principal()
                  .equals(chain.get(i + 1).getSubjectX500Principal())
              || !isSigned(certificate, chain.get(i + 1).getPublicKey()))) {
        throw malformed("certificate " + i + " of the chain is not signed by the next");
      }
    }
    if (anchors.stream().noneMatch(anchor -> isSigned(chain.getLast(), anchor))) {
      throw new EvidenceRefused(
          Reason.NOT_SIGNED_BY_KNOWN_KEY, "no registered authority signed the chain's last");
    }
  }

  private static boolean isSigned(X509Certificate certificate, PublicKey by) {
    try {
      certificate.verify(by);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean proves(PublicKey key, byte[] nonce, byte[] proof) {
    try {
      var verifier =
          Signature.getInstance(
              key instanceof ECPublicKey ec
                  ? ec.getParams().getOrder().bitLength() == P384_BITS
                      ? "SHA384withECDSA"
                      : "SHA256withECDSA"
                  : "Ed25519");
      verifier.initVerify(key);
      verifier.update(nonce);
      return verifier.verify(proof);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Claims measured(List<X509Certificate> chain) throws EvidenceRefused {
    var measurements = new ArrayList<Measurement>();
    var facts = new TreeMap<String, String>();
    boolean closed = true;
    // From the hardware up, as it booted.
    for (int i = chain.size() - 1; i >= 0; i--) {
      var found = TcbInfo.of(chain.get(i));
      if (found.isEmpty()) {
        continue;
      }
      var info = found.get();
      int layer = info.layer().orElse(chain.size() - 1 - i);
      for (var digest : info.digests()) {
        measurements.add(new Measurement("layer:" + layer, digest));
      }
      closed &= info.isClosed();
      info.version().ifPresent(version -> facts.put("version:layer:" + layer, version));
      info.model().ifPresent(model -> facts.put("model:layer:" + layer, model));
    }
    return new Claims(closed, closed, measurements, facts);
  }

  private static EvidenceRefused malformed(String what) {
    return new EvidenceRefused(Reason.MALFORMED, what);
  }
}
