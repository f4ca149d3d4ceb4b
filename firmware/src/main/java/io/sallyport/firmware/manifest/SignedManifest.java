package io.sallyport.firmware.manifest;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Items;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A manifest with the signatures that it has so far: COSE_Sign with tag 98 (RFC 9052, section 4.1),
 * in deterministic CBOR. What counts is in protected headers: the type in that of the body, the
 * algorithm and the key's hash in that of each signature. Signatures stand in the order of their
 * keys, so that whoever signs in whatever order makes the same bytes.
 *
 * <p>What is in it counts only once {@link ReleaseTrust#requireSigned} has said so.
 */
public final class SignedManifest {
  /** Bound: bytes of a signed manifest; one signature by ML-DSA-65 has 3309. */
  public static final int LENGTH_MAX = 64 * 1024;

  /** Bound: signatures of one manifest. */
  public static final int SIGNATURES_MAX = 16;

  private static final String TYPE = "zt-fw+cbor";
  private static final String CONTEXT = "zt-fw-v1";
  private static final int ALGORITHM = 1;
  private static final int KEY_ID = 4;
  private static final int TYPE_LABEL = 16;
  // Tag 98 in two bytes (RFC 9052, section 4.1).
  private static final byte[] TAGGED = {(byte) 0xD8, 0x62};
  private static final byte[] BODY_HEADER =
      StrictCbor.write(Labels.numbers(Map.of(TYPE_LABEL, new Text(TYPE))));
  // What both sides know and nobody sends: so this is no signature of anything else.
  private static final byte[] BESIDES = StrictCbor.write(new Items(List.of(new Text(CONTEXT))));

  private final Manifest manifest;
  private final byte[] payload;
  private final List<ManifestSignature> signatures;

  private SignedManifest(Manifest manifest, byte[] payload, List<ManifestSignature> signatures) {
    this.manifest = manifest;
    this.payload = payload;
    this.signatures = List.copyOf(signatures);
  }

  /** A manifest that nobody has signed yet. */
  public static SignedManifest unsigned(Manifest manifest) {
    return new SignedManifest(manifest, manifest.encoded(), List.of());
  }

  /** Reads one in its one encoding. */
  public static SignedManifest read(byte[] encoded) throws FirmwareRefused {
    if (encoded.length > LENGTH_MAX) {
      throw new FirmwareRefused(
          Refusal.TOO_LONG, "the signed manifest is longer than " + LENGTH_MAX + " bytes");
    }
    int begin = TAGGED.length;
    if (encoded.length < begin || !Arrays.equals(encoded, 0, begin, TAGGED, 0, begin)) {
      throw malformed("it does not begin with the tag of COSE_Sign");
    }
    try {
      var message =
          StrictCbor.read(
              Arrays.copyOfRange(encoded, begin, encoded.length), LENGTH_MAX, "the message");
      if (!(message instanceof Items(List<CborValue> parts))
          || parts.size() != 4
          || !(parts.get(0) instanceof Bytes(byte[] header))
          || !isEmpty(parts.get(1))
          || !(parts.get(2) instanceof Bytes(byte[] payload))
          || !(parts.get(3) instanceof Items(List<CborValue> signed))) {
        throw malformed("it is not a header, an empty map, a manifest and signatures");
      }
      if (!Arrays.equals(header, BODY_HEADER)) {
        throw malformed("its protected header is not that of a manifest");
      }
      if (signed.size() > SIGNATURES_MAX) {
        throw malformed("it has more than " + SIGNATURES_MAX + " signatures");
      }
      var signatures = new ArrayList<ManifestSignature>();
      for (var part : signed) {
        var signature = signature(part);
        if (!signatures.isEmpty()
            && signatures.getLast().key().hex().compareTo(signature.key().hex()) >= 0) {
          throw malformed("its signatures are not in the order of their keys, each once");
        }
        signatures.add(signature);
      }
      return new SignedManifest(Manifest.read(payload), payload, signatures);
    } catch (MalformedCbor e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  private static ManifestSignature signature(CborValue value)
      throws FirmwareRefused, MalformedCbor {
    if (!(value instanceof Items(List<CborValue> parts))
        || parts.size() != 3
        || !(parts.get(0) instanceof Bytes(byte[] header))
        || !isEmpty(parts.get(1))
        || !(parts.get(2) instanceof Bytes(byte[] signature))) {
      throw malformed("a signature is not a header, an empty map and bytes");
    }
    var labels =
        Labels.of(StrictCbor.read(header, LENGTH_MAX, "a signature's header"), "the header");
    long algorithm = labels.number(ALGORITHM);
    var key = labels.bytes(KEY_ID);
    labels.requireNoOther();
    if (key.length != Sha256.LENGTH) {
      throw malformed("a signature's key is not named by a SHA-256");
    }
    return new ManifestSignature(
        new PublicKeyHash(HexFormat.of().formatHex(key)), algorithm, header, signature);
  }

  private static boolean isEmpty(CborValue value) {
    return value instanceof Members(Map<CborValue, CborValue> members) && members.isEmpty();
  }

  private static FirmwareRefused malformed(String why) {
    return new FirmwareRefused(Refusal.MALFORMED, "not a signed manifest: " + why);
  }

  /**
   * The same with one more signature; one of the same key is replaced.
   *
   * @param key the public half of what signs
   * @param signer signs bytes; of ECDSA r and s, one after the other
   * @throws IllegalArgumentException if no signature is known for such a key, or there are {@value
   *     #SIGNATURES_MAX}
   */
  public SignedManifest signedBy(PublicKey key, Function<byte[], byte[]> signer) {
    var algorithm = CoseAlgorithm.of(key);
    if (algorithm != CoseAlgorithm.ES256 && algorithm != CoseAlgorithm.ML_DSA_65) {
      throw new IllegalArgumentException("manifests are signed by ECDSA on P-256 or by ML-DSA-65");
    }
    var hash = PublicKeyHash.of(key);
    var header =
        StrictCbor.write(
            Labels.numbers(
                Map.of(
                    ALGORITHM,
                    new Whole(algorithm.label()),
                    KEY_ID,
                    new Bytes(HexFormat.of().parseHex(hash.hex())))));
    var all = new ArrayList<>(signatures);
    all.removeIf(other -> other.key().equals(hash));
    all.add(
        new ManifestSignature(hash, algorithm.label(), header, signer.apply(toBeSigned(header))));
    return with(all);
  }

  /** The same manifest with the signatures of both; a signature of this one stays. */
  public SignedManifest joined(SignedManifest other) {
    if (!Arrays.equals(payload, other.payload)) {
      throw new IllegalArgumentException("these are signatures of another manifest");
    }
    var all = new ArrayList<>(signatures);
    for (var signature : other.signatures) {
      if (all.stream().noneMatch(own -> own.key().equals(signature.key()))) {
        all.add(signature);
      }
    }
    return with(all);
  }

  private SignedManifest with(List<ManifestSignature> all) {
    if (all.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException(
          "a manifest has at most " + SIGNATURES_MAX + " signatures");
    }
    all.sort(Comparator.comparing(signature -> signature.key().hex()));
    return new SignedManifest(manifest, payload, all);
  }

  /** Its one encoding. */
  public byte[] encoded() {
    var message =
        StrictCbor.write(
            new Items(
                List.of(
                    new Bytes(BODY_HEADER),
                    new Members(Map.of()),
                    new Bytes(payload),
                    new Items(
                        signatures.stream()
                            .<CborValue>map(
                                signature ->
                                    new Items(
                                        List.of(
                                            new Bytes(signature.header()),
                                            new Members(Map.of()),
                                            new Bytes(signature.signature()))))
                            .toList()))));
    var tagged = Arrays.copyOf(TAGGED, TAGGED.length + message.length);
    System.arraycopy(message, 0, tagged, TAGGED.length, message.length);
    return tagged;
  }

  /** What is said, by whomever. */
  public Manifest manifest() {
    return manifest;
  }

  /** The name of this release, whoever has signed it by now: the hash of its manifest's bytes. */
  public Sha256 id() {
    return Sha256.of(payload);
  }

  /** The keys that are said to have signed it. */
  public List<PublicKeyHash> keys() {
    return signatures.stream().map(ManifestSignature::key).toList();
  }

  /** Whether there is a signature of that key, and it is good; any doubt is a no. */
  public boolean isSignedBy(PublicKey key) {
    var hash = PublicKeyHash.of(key);
    return signatures.stream()
        .filter(signature -> signature.key().equals(hash))
        .anyMatch(signature -> isGood(signature, key));
  }

  private boolean isGood(ManifestSignature signature, PublicKey key) {
    var expected = CoseAlgorithm.of(key);
    return signature.algorithm() == expected.label()
        && expected.verifies(key, toBeSigned(signature.header()), signature.signature());
  }

  /** The Sig_structure of one of several signers (RFC 9052, section 4.4). */
  private byte[] toBeSigned(byte[] header) {
    return StrictCbor.write(
        new Items(
            List.of(
                new Text("Signature"),
                new Bytes(BODY_HEADER),
                new Bytes(header),
                new Bytes(BESIDES),
                new Bytes(payload))));
  }
}
