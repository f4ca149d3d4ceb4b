package io.sallyport.identity.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceRefused.Reason;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DICE chains of a made-up manufacturer: layer 0 certifies layer 1, which certifies the alias. */
class ChainEvidenceTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final PrincipalId DEVICE = new PrincipalId("meter-1");
  private static final Set<Measurement> APPROVED =
      Set.of(
          new Measurement("layer:0", "aa".repeat(32)), new Measurement("layer:1", "bb".repeat(32)));
  private static KeyPair root;
  private static KeyPair layer0;
  private static KeyPair layer1;
  private static KeyPair alias;

  @BeforeAll
  static void makeKeys() throws Exception {
    root = Tokens.p256();
    layer0 = Tokens.p256();
    layer1 = Tokens.p256();
    alias = Tokens.p256();
  }

  @Test
  void affirmsWhatEveryLayerMeasured() throws Exception {
    var claims = affirm(chain(0), alias, nonce());

    assertThat(claims.measurements())
        .containsExactly(
            new Measurement("layer:0", "aa".repeat(32)),
            new Measurement("layer:1", "bb".repeat(32)));
  }

  /** notConfigured, notSecure, recovery, debug; and a flag that says nothing against it. */
  @Test
  void refusesALayerThatIsOpen() throws Exception {
    for (int flag : new int[] {0x80, 0x40, 0x20, 0x10}) {
      refuses(() -> affirm(chain(flag), alias, nonce()), Reason.NOT_SECURED);
    }
    assertThat(affirm(chain(0x08), alias, nonce())).isNotNull();
  }

  @Test
  void refusesAProofForAnotherChallenge() {
    refuses(() -> affirm(chain(0), alias, new byte[32]), Reason.NOT_FRESH);
  }

  /** The chain is public; who has it has not the alias key. */
  @Test
  void refusesAProofByAnotherKey() {
    refuses(() -> affirm(chain(0), layer1, nonce()), Reason.NOT_FRESH);
  }

  @Test
  void refusesAChainToAnotherDevicesKey() {
    refuses(
        () ->
            verifier(root.getPublic(), APPROVED)
                .affirm(
                    new Evidence.Chain(chain(0), proof(alias, nonce())),
                    new Expectation(
                        DEVICE, PublicKeyHash.of(layer1.getPublic()), Nonce.ofBytes(nonce()), NOW)),
        Reason.OTHER_DEVICE);
  }

  @Test
  void refusesAnotherManufacturer() {
    refuses(
        () ->
            verifier(layer1.getPublic(), APPROVED)
                .affirm(new Evidence.Chain(chain(0), proof(alias, nonce())), expected()),
        Reason.NOT_SIGNED_BY_KNOWN_KEY);
  }

  @Test
  void refusesAChainThatLeavesOutALayer() {
    refuses(
        () -> {
          var chain = chain(0);
          return affirm(List.of(chain.get(0), chain.get(2)), alias, nonce());
        },
        Reason.MALFORMED);
  }

  /** A leaf that certifies: anybody with a device could make himself another. */
  @Test
  void refusesALeafAsAnAuthority() {
    refuses(
        () -> {
          var attacker = Tokens.p256();
          var forged = certificate("evil", attacker.getPublic(), "alias", alias, false, 1, "bb", 0);
          var chain = new ArrayList<>(chain(0));
          chain.addFirst(forged);
          return verifier(root.getPublic(), APPROVED)
              .affirm(
                  new Evidence.Chain(chain, proof(attacker, nonce(attacker))),
                  new Expectation(
                      DEVICE,
                      PublicKeyHash.of(attacker.getPublic()),
                      Nonce.ofBytes(nonce(attacker)),
                      NOW));
        },
        Reason.MALFORMED);
  }

  /** With a measurement beside it, and without: an unknown rule is never passed over. */
  @Test
  void refusesACriticalExtensionThatNobodyHereKnows() throws Exception {
    var unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.55555.1");
    for (int layer : new int[] {1, -1}) {
      var leaf = start("alias", alias.getPublic(), "layer1", false, layer, "bb", 0);
      leaf.addExtension(unknown, true, new DEROctetString(new byte[1]));
      refuses(() -> affirm(withLeaf(signed(leaf, layer1)), alias, nonce()), Reason.MALFORMED);
    }
    var harmless = start("alias", alias.getPublic(), "layer1", false, 1, "bb", 0);
    harmless.addExtension(unknown, false, new DEROctetString(new byte[1]));
    assertThat(affirm(withLeaf(signed(harmless, layer1)), alias, nonce())).isNotNull();
  }

  @Test
  void refusesAKeyThatIsForAnotherUse() throws Exception {
    var leaf = start("alias", alias.getPublic(), "layer1", false, 1, "bb", 0);
    leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    refuses(() -> affirm(withLeaf(signed(leaf, layer1)), alias, nonce()), Reason.MALFORMED);

    var layer = start("layer1", layer1.getPublic(), "layer0", true, 0, "aa", 0);
    layer.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    refuses(() -> affirm(withLayer(signed(layer, layer0)), alias, nonce()), Reason.MALFORMED);
  }

  @Test
  void acceptsKeysThatAreForTheirUse() throws Exception {
    var layer = start("layer1", layer1.getPublic(), "layer0", true, 0, "aa", 0);
    layer.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    assertThat(affirm(withLayer(signed(layer, layer0)), alias, nonce())).isNotNull();
  }

  /** Layer 0 may certify keys, but no further authority; layer 1 is one. */
  @Test
  void refusesAPathThatIsLongerThanItsAuthorityAllows() throws Exception {
    var chain = new ArrayList<>(chain(0));
    for (int allowed : new int[] {0, 1}) {
      var layer = start("layer0", layer0.getPublic(), "root", false, -1, "", 0);
      layer.addExtension(Extension.basicConstraints, true, new BasicConstraints(allowed));
      chain.set(2, signed(layer, root));
      if (allowed == 0) {
        refuses(() -> affirm(chain, alias, nonce()), Reason.MALFORMED);
      } else {
        assertThat(affirm(chain, alias, nonce())).isNotNull();
      }
    }
  }

  @Test
  void refusesWhatIsNotApproved() {
    refuses(
        () ->
            verifier(root.getPublic(), Set.of(new Measurement("layer:0", "aa".repeat(32))))
                .affirm(new Evidence.Chain(chain(0), proof(alias, nonce())), expected()),
        Reason.MEASUREMENT_UNKNOWN);
  }

  @Test
  void refusesAnExpiredChain() {
    refuses(
        () ->
            verifier(root.getPublic(), APPROVED)
                .affirm(
                    new Evidence.Chain(chain(0), proof(alias, nonce())),
                    new Expectation(
                        DEVICE,
                        PublicKeyHash.of(alias.getPublic()),
                        Nonce.ofBytes(nonce()),
                        NOW.plusSeconds(100_000))),
        Reason.MALFORMED);
  }

  private interface Attempt {
    Claims run() throws Exception;
  }

  private static void refuses(Attempt attempt, Reason why) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            EvidenceRefused.class, refused -> assertThat(refused.reason()).isEqualTo(why));
  }

  private static Claims affirm(List<X509Certificate> chain, KeyPair prover, byte[] nonce)
      throws Exception {
    return verifier(root.getPublic(), APPROVED)
        .affirm(new Evidence.Chain(chain, proof(prover, nonce)), expected());
  }

  private static Verifier verifier(PublicKey anchor, Set<Measurement> approved) {
    return new Verifier(List.of(new AttestationKey(EvidenceFormat.DICE, anchor, null)), approved);
  }

  private static Expectation expected() {
    return new Expectation(
        DEVICE, PublicKeyHash.of(alias.getPublic()), Nonce.ofBytes(nonce()), NOW);
  }

  private static byte[] nonce() {
    return nonce(alias);
  }

  private static byte[] nonce(KeyPair key) {
    return Nonce.of(new byte[32], PublicKeyHash.of(key.getPublic())).bytes();
  }

  private static byte[] proof(KeyPair key, byte[] nonce) throws Exception {
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key.getPrivate());
    signer.update(nonce);
    return signer.sign();
  }

  /** The flags are those of layer 1. */
  private static List<X509Certificate> chain(int flags) throws Exception {
    return List.of(
        certificate("alias", alias.getPublic(), "layer1", layer1, false, 1, "bb", flags),
        certificate("layer1", layer1.getPublic(), "layer0", layer0, true, 0, "aa", 0),
        certificate("layer0", layer0.getPublic(), "root", root, true, -1, "", 0));
  }

  private static List<X509Certificate> withLeaf(X509Certificate leaf) throws Exception {
    return List.of(leaf, chain(0).get(1), chain(0).get(2));
  }

  private static List<X509Certificate> withLayer(X509Certificate layer) throws Exception {
    return List.of(chain(0).get(0), layer, chain(0).get(2));
  }

  private static X509Certificate certificate(
      String subject,
      PublicKey key,
      String issuer,
      KeyPair by,
      boolean authority,
      int layer,
      String digest,
      int flags)
      throws Exception {
    return signed(start(subject, key, issuer, authority, layer, digest, flags), by);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair by)
      throws Exception {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
    return Pem.certificateOfDer(builder.build(signer).getEncoded());
  }

  private static X509v3CertificateBuilder start(
      String subject,
      PublicKey key,
      String issuer,
      boolean authority,
      int layer,
      String digest,
      int flags)
      throws Exception {
    var builder =
        new X509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.ONE,
            Date.from(NOW.minusSeconds(60)),
            Date.from(NOW.plusSeconds(60_000)),
            new X500Name("CN=" + subject),
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    if (authority) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    }
    if (layer >= 0) {
      builder.addExtension(
          new ASN1ObjectIdentifier("2.23.133.5.4.1"), true, tcbInfo(layer, digest, flags));
    }
    return builder;
  }

  private static DERSequence tcbInfo(int layer, String digest, int flags) {
    var fwid = new ASN1EncodableVector();
    fwid.add(new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.1"));
    fwid.add(new DEROctetString(java.util.HexFormat.of().parseHex(digest.repeat(32))));
    var members = new ASN1EncodableVector();
    members.add(new DERTaggedObject(false, 4, new ASN1Integer(layer)));
    members.add(new DERTaggedObject(false, 6, new DERSequence(new DERSequence(fwid))));
    members.add(new DERTaggedObject(false, 7, new DERBitString(new byte[] {(byte) flags}, 3)));
    return new DERSequence(members);
  }
}
