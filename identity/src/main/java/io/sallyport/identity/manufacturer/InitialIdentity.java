package io.sallyport.identity.manufacturer;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a chain says that a device showed with its initial identity (IDevID): which serial number a
 * manufacturer gave it, or why it says nothing that counts.
 */
public sealed interface InitialIdentity {
  /** Bound: certificates that a device may show, its own among them. */
  int CHAIN_MAX = 5;

  /** The device with that serial number of the manufacturer's. */
  record Of(String serial) implements InitialIdentity {}

  /** It counts for nothing. */
  record Refused(Reason reason) implements InitialIdentity {}

  /** Why it counts for nothing. */
  enum Reason {
    CHAIN_TOO_LONG("more than " + CHAIN_MAX + " certificates"),
    NOT_OF_THIS_AUTHORITY("no path to the manufacturer's authority"),
    AUTHORITY_NOT_VALID("the manufacturer's authority is not valid now"),
    PATH_TOO_LONG("more authorities below the manufacturer's than it allows"),
    EXPIRED("a certificate has expired"),
    NOT_YET_VALID("a certificate is not valid yet"),
    PATH_INVALID("the path is not valid"),
    CERTIFICATE_AUTHORITY("the device shows the certificate of an authority"),
    NOT_FOR_SIGNATURES("the key usage lacks digitalSignature"),
    NOT_FOR_CLIENTS("the extended key usage lacks clientAuth"),
    WEAK_KEY("a key is weak, or of a kind that is not taken"),
    NO_SERIAL("it has no serial number where the manufacturer's have theirs, or several"),
    SERIAL_UNFIT("the serial number has characters beyond A-Z a-z 0-9 . : _ - or more than 64");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** One clause for people. */
    public String text() {
      return text;
    }
  }

  /** The serial numbers that can be told from others in every list and log. */
  Pattern SERIAL = Pattern.compile("[A-Za-z0-9.:_-]{1,64}");

  /** Reads a chain as a client sent it, the device's first, towards that authority. */
  static InitialIdentity of(
      List<X509Certificate> chain,
      ManufacturerAuthority authority,
      SerialSource source,
      Instant now) {
    if (chain.isEmpty() || chain.size() > CHAIN_MAX) {
      return new Refused(Reason.CHAIN_TOO_LONG);
    }
    try {
      var wrong = wrong(chain, authority, now);
      return wrong == null ? serial(chain.getFirst(), source) : new Refused(wrong);
    } catch (CertificateParsingException | RuntimeException e) {
      // Fail closed: readers report bad input by many unchecked exceptions.
      return new Refused(Reason.PATH_INVALID);
    }
  }

  private static @Nullable Reason wrong(
      List<X509Certificate> chain, ManufacturerAuthority authority, Instant now)
      throws CertificateParsingException {
    int length = lengthBelow(chain, authority.certificate());
    if (length == 0) {
      return Reason.NOT_OF_THIS_AUTHORITY;
    }
    var path = chain.subList(0, length);
    if (!authority.isValidAt(now)) {
      return Reason.AUTHORITY_NOT_VALID;
    }
    if (!authority.letsBeBelow(length - 1)) {
      return Reason.PATH_TOO_LONG;
    }
    if (!path.stream().allMatch(one -> ManufacturerAuthority.isStrong(one.getPublicKey()))) {
      return Reason.WEAK_KEY;
    }
    var leaf = unfitness(path.getFirst());
    return leaf == null ? pathFault(path, authority.certificate(), now) : leaf;
  }

  /**
   * How many certificates lead to the authority: clients bring along what is above it, too, and the
   * authority itself.
   */
  private static int lengthBelow(List<X509Certificate> chain, X509Certificate authority) {
    for (int at = 0; at < chain.size(); at++) {
      var one = chain.get(at);
      if (one.equals(authority)) {
        return at;
      }
      if (one.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
          && isSignedBy(one, authority)) {
        return at + 1;
      }
    }
    return 0;
  }

  private static boolean isSignedBy(X509Certificate one, X509Certificate authority) {
    try {
      one.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static @Nullable Reason unfitness(X509Certificate leaf)
      throws CertificateParsingException {
    if (leaf.getBasicConstraints() >= 0) {
      return Reason.CERTIFICATE_AUTHORITY;
    }
    var usage = leaf.getKeyUsage();
    if (usage != null && !usage[0]) {
      return Reason.NOT_FOR_SIGNATURES;
    }
    var purposes = leaf.getExtendedKeyUsage();
    if (purposes != null
        && !purposes.contains("1.3.6.1.5.5.7.3.2")
        && !purposes.contains("2.5.29.37.0")) {
      return Reason.NOT_FOR_CLIENTS;
    }
    return null;
  }

  /** RFC 5280, 6 by the JDK: signatures, names, dates, constraints, critical extensions. */
  private static @Nullable Reason pathFault(
      List<X509Certificate> path, X509Certificate authority, Instant now) {
    try {
      var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      // Who is revoked stands in the list of serials.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return null;
    } catch (CertPathValidatorException e) {
      if (e.getReason() == BasicReason.EXPIRED) {
        return Reason.EXPIRED;
      }
      return e.getReason() == BasicReason.NOT_YET_VALID
          ? Reason.NOT_YET_VALID
          : Reason.PATH_INVALID;
    } catch (GeneralSecurityException e) {
      return Reason.PATH_INVALID;
    }
  }

  private static InitialIdentity serial(X509Certificate leaf, SerialSource source) {
    var found = WrittenSerials.of(leaf, source);
    if (found.size() != 1) {
      return new Refused(Reason.NO_SERIAL);
    }
    var serial = found.getFirst();
    return SERIAL.matcher(serial).matches() ? new Of(serial) : new Refused(Reason.SERIAL_UNFIT);
  }
}
