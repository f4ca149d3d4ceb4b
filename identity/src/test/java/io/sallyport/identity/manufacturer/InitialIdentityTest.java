package io.sallyport.identity.manufacturer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.manufacturer.InitialIdentity.Of;
import io.sallyport.identity.manufacturer.InitialIdentity.Reason;
import io.sallyport.identity.manufacturer.InitialIdentity.Refused;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class InitialIdentityTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant BEFORE = Instant.parse("2020-01-01T00:00:00Z");
  // 802.1AR, 8.10: no expiry.
  private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");
  private static final KeyPair CA_KEYS = keys("EC", 256);
  private static final KeyPair LEAF_KEYS = keys("EC", 256);
  private static final X500Name CA_NAME = new X500Name("O=Acme,CN=Acme Device CA");
  private static final X509Certificate CA = authority(CA_NAME, CA_KEYS, CA_NAME, CA_KEYS, 0, NEVER);

  private static KeyPair keys(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate authority(
      X500Name issuer, KeyPair by, X500Name name, KeyPair keys, int pathLength, Instant until) {
    return signed(
        issuer,
        by,
        name,
        keys,
        until,
        List.of(
            new Extra(Extension.basicConstraints, new BasicConstraints(pathLength)),
            new Extra(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign))));
  }

  private record Extra(ASN1ObjectIdentifier oid, org.bouncycastle.asn1.ASN1Encodable value) {}

  private static X509Certificate signed(
      X500Name issuer, KeyPair by, X500Name name, KeyPair keys, Instant until, List<Extra> extras) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(4711),
              Date.from(BEFORE),
              Date.from(until),
              name,
              keys.getPublic());
      for (var extra : extras) {
        builder.addExtension(extra.oid(), true, extra.value());
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate device(String subject, Extra... more) {
    return device(CA_NAME, CA_KEYS, subject, LEAF_KEYS, NEVER, more);
  }

  private static X509Certificate device(
      X500Name issuer, KeyPair by, String subject, KeyPair keys, Instant until, Extra... more) {
    var extras = new java.util.ArrayList<>(List.of(more));
    if (extras.stream().noneMatch(extra -> extra.oid().equals(Extension.keyUsage))) {
      extras.add(new Extra(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature)));
    }
    return signed(issuer, by, new X500Name(subject), keys, until, extras);
  }

  private static InitialIdentity read(SerialSource source, X509Certificate... chain) {
    return read(CA, source, NOW, chain);
  }

  private static InitialIdentity read(
      X509Certificate authority, SerialSource source, Instant now, X509Certificate... chain) {
    try {
      return InitialIdentity.of(
          List.of(chain), ManufacturerAuthority.parse(Pem.of(authority)), source, now);
    } catch (UnusableAuthority e) {
      throw new AssertionError(e);
    }
  }

  private static Extra hardware(byte[]... serials) {
    var names = new java.util.ArrayList<GeneralName>();
    for (var serial : serials) {
      var hardware = new ASN1EncodableVector();
      hardware.add(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"));
      hardware.add(new DEROctetString(serial));
      names.add(
          new GeneralName(
              GeneralName.otherName,
              new OtherName(
                  new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4"), new DERSequence(hardware))));
    }
    return new Extra(
        Extension.subjectAlternativeName, new GeneralNames(names.toArray(GeneralName[]::new)));
  }

  @Test
  void readsTheSerialNumberWhereTheManufacturerHasIt() {
    var device = device("CN=name-1,SERIALNUMBER=SN-1", hardware(new byte[] {1, (byte) 0xa0}));

    assertThat(read(SerialSource.SERIAL_NUMBER, device)).isEqualTo(new Of("SN-1"));
    assertThat(read(SerialSource.COMMON_NAME, device)).isEqualTo(new Of("name-1"));
    assertThat(read(SerialSource.HARDWARE_MODULE, device)).isEqualTo(new Of("01a0"));
    // Whether the device brings its authority along makes no difference.
    assertThat(read(SerialSource.SERIAL_NUMBER, device, CA)).isEqualTo(new Of("SN-1"));
  }

  @Test
  void noneOrSeveralAreNobody() {
    assertThat(read(SerialSource.SERIAL_NUMBER, device("CN=x")))
        .isEqualTo(new Refused(Reason.NO_SERIAL));
    assertThat(read(SerialSource.SERIAL_NUMBER, device("SERIALNUMBER=SN-1,SERIALNUMBER=SN-2")))
        .isEqualTo(new Refused(Reason.NO_SERIAL));
    assertThat(read(SerialSource.SERIAL_NUMBER, device("SERIALNUMBER=SN-1+SERIALNUMBER=SN-2")))
        .isEqualTo(new Refused(Reason.NO_SERIAL));
    assertThat(
            read(SerialSource.HARDWARE_MODULE, device("CN=x", hardware(new byte[1], new byte[2]))))
        .isEqualTo(new Refused(Reason.NO_SERIAL));
    assertThat(read(SerialSource.SERIAL_NUMBER, device("SERIALNUMBER=SN 1")))
        .isEqualTo(new Refused(Reason.SERIAL_UNFIT));
  }

  @Test
  void anotherAuthorityWithTheSameNamesIsAnother() {
    var thief = keys("EC", 256);
    var forged = device(CA_NAME, thief, "SERIALNUMBER=SN-1", LEAF_KEYS, NEVER);
    var theirs = authority(CA_NAME, thief, CA_NAME, thief, 0, NEVER);

    assertThat(read(SerialSource.SERIAL_NUMBER, forged))
        .isEqualTo(new Refused(Reason.NOT_OF_THIS_AUTHORITY));
    assertThat(read(SerialSource.SERIAL_NUMBER, forged, theirs))
        .isEqualTo(new Refused(Reason.NOT_OF_THIS_AUTHORITY));
  }

  @Test
  void thePathIsNoLongerThanTheAuthorityAllows() {
    var name = new X500Name("CN=Line");
    var keys = keys("EC", 256);
    var line = authority(CA_NAME, CA_KEYS, name, keys, 0, NEVER);
    var device = device(name, keys, "SERIALNUMBER=SN-1", LEAF_KEYS, NEVER);
    var roomy = authority(CA_NAME, CA_KEYS, CA_NAME, CA_KEYS, 1, NEVER);

    assertThat(read(SerialSource.SERIAL_NUMBER, device, line))
        .isEqualTo(new Refused(Reason.PATH_TOO_LONG));
    assertThat(read(roomy, SerialSource.SERIAL_NUMBER, NOW, device, line))
        .isEqualTo(new Of("SN-1"));
    // A certificate of an authority itself is no device.
    assertThat(read(roomy, SerialSource.SERIAL_NUMBER, NOW, line))
        .isEqualTo(new Refused(Reason.CERTIFICATE_AUTHORITY));
  }

  @Test
  void aDeviceIsNoIssuer() {
    var keys = keys("EC", 256);
    var issuer = device(CA_NAME, CA_KEYS, "SERIALNUMBER=SN-1", keys, NEVER);
    var victim =
        device(new X500Name("SERIALNUMBER=SN-1"), keys, "SERIALNUMBER=SN-2", LEAF_KEYS, NEVER);
    var roomy = authority(CA_NAME, CA_KEYS, CA_NAME, CA_KEYS, 3, NEVER);

    assertThat(read(roomy, SerialSource.SERIAL_NUMBER, NOW, victim, issuer))
        .isEqualTo(new Refused(Reason.PATH_INVALID));
  }

  @Test
  void datesUsagesAndCriticalExtensionsCount() {
    var expired = device(CA_NAME, CA_KEYS, "SERIALNUMBER=SN-1", LEAF_KEYS, NOW.minusSeconds(1));
    var shortlived = authority(CA_NAME, CA_KEYS, CA_NAME, CA_KEYS, 0, NOW.minusSeconds(1));
    var agreeing =
        device(
            "SERIALNUMBER=SN-1",
            new Extra(Extension.keyUsage, new KeyUsage(KeyUsage.keyAgreement)));
    var odd =
        device(
            "SERIALNUMBER=SN-1",
            new Extra(new ASN1ObjectIdentifier("1.2.3.4"), new DEROctetString(new byte[1])));

    assertThat(read(SerialSource.SERIAL_NUMBER, expired)).isEqualTo(new Refused(Reason.EXPIRED));
    assertThat(read(CA, SerialSource.SERIAL_NUMBER, BEFORE.minusSeconds(1), expired))
        .isEqualTo(new Refused(Reason.AUTHORITY_NOT_VALID));
    assertThat(read(shortlived, SerialSource.SERIAL_NUMBER, NOW, device("SERIALNUMBER=SN-1")))
        .isEqualTo(new Refused(Reason.AUTHORITY_NOT_VALID));
    assertThat(read(SerialSource.SERIAL_NUMBER, agreeing))
        .isEqualTo(new Refused(Reason.NOT_FOR_SIGNATURES));
    assertThat(read(SerialSource.SERIAL_NUMBER, odd)).isEqualTo(new Refused(Reason.PATH_INVALID));
  }

  @Test
  void weakKeysAndLongChainsAreRefused() {
    var weak = device(CA_NAME, CA_KEYS, "SERIALNUMBER=SN-1", keys("RSA", 1024), NEVER);
    var device = device("SERIALNUMBER=SN-1");

    assertThat(read(SerialSource.SERIAL_NUMBER, weak)).isEqualTo(new Refused(Reason.WEAK_KEY));
    assertThat(
            read(
                SerialSource.SERIAL_NUMBER,
                Collections.nCopies(InitialIdentity.CHAIN_MAX + 1, device)
                    .toArray(X509Certificate[]::new)))
        .isEqualTo(new Refused(Reason.CHAIN_TOO_LONG));
  }

  @Test
  void whatIsNoAuthorityIsNotRegistered() {
    var leaf = device("SERIALNUMBER=SN-1");
    var constrained =
        signed(
            CA_NAME,
            CA_KEYS,
            CA_NAME,
            CA_KEYS,
            NEVER,
            List.of(
                new Extra(Extension.basicConstraints, new BasicConstraints(0)),
                new Extra(new ASN1ObjectIdentifier("1.2.3.4"), new DEROctetString(new byte[1]))));

    assertThatThrownBy(() -> ManufacturerAuthority.parse(Pem.of(leaf)))
        .isInstanceOf(UnusableAuthority.class)
        .hasMessageContaining("CA:TRUE");
    assertThatThrownBy(() -> ManufacturerAuthority.parse(Pem.of(constrained)))
        .hasMessageContaining("constraints");
    assertThatThrownBy(() -> ManufacturerAuthority.parse("x"))
        .isInstanceOf(UnusableAuthority.class);
    assertThatThrownBy(
            () -> ManufacturerAuthority.parse("x".repeat(ManufacturerAuthority.PEM_MAX + 1)))
        .hasMessageContaining("longer");
  }
}
