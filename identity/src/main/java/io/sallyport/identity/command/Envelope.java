package io.sallyport.identity.command;

import io.sallyport.identity.PrincipalId;
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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One message with one signature, in the one form that is taken here: tagged, everything that
 * counts in the protected header and nothing besides, all of it deterministic.
 */
@SuppressWarnings("ArrayRecordComponent") // Lives within one verification.
record Envelope(
    byte[] header,
    long algorithm,
    byte[] keyId,
    byte[] encoded,
    CborValue payload,
    byte[] signature) {
  /** Bound: bytes of an envelope. */
  static final int LENGTH_MAX = 4096;

  /** The texts of what an envelope is for: in its header, and before what both sides know. */
  enum Type {
    COMMAND("zt-cmd+cbor", "zt-cmd-v1"),
    RECEIPT("zt-cmd-receipt+cbor", "zt-cmd-receipt-v1"),
    INTRODUCTION("zt-cmd-key+cbor", "zt-cmd-key-v1");

    private final String typ;
    private final String context;

    Type(String typ, String context) {
      this.typ = typ;
      this.context = context;
    }
  }

  /** It is not taken, whoever signed it. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    Unfit(Refusal refusal, String message) {
      super(message);
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }
  }

  // Tag 18 in one byte (RFC 9052, section 4.2).
  private static final byte TAGGED = (byte) 0xD2;

  private static final int ALGORITHM = 1;
  private static final int KEY_ID = 4;
  private static final int TYPE = 16;
  private static final int KEY_ID_MAX = 32;
  private static final HexFormat HEX = HexFormat.of();

  static byte[] sign(Type type, byte[] payload, String keyId, byte[] besides, EnvelopeKey key) {
    var header =
        StrictCbor.write(
            Labels.numbers(
                Map.of(
                    ALGORITHM,
                    new Whole(key.algorithm().label()),
                    KEY_ID,
                    new Bytes(HEX.parseHex(keyId)),
                    TYPE,
                    new Text(type.typ))));
    var signature = key.sign(toBeSigned(header, besides, payload));
    var message =
        StrictCbor.write(
            new Items(
                List.of(
                    new Bytes(header),
                    new Members(Map.of()),
                    new Bytes(payload),
                    new Bytes(signature))));
    var tagged = new byte[message.length + 1];
    tagged[0] = TAGGED;
    System.arraycopy(message, 0, tagged, 1, message.length);
    if (tagged.length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "an envelope has at most " + LENGTH_MAX + " bytes, this one " + tagged.length);
    }
    return tagged;
  }

  /** What both sides know and nobody sends: one array, so that no two lists of texts are alike. */
  static byte[] besides(Type type, PrincipalId device, String tenant) {
    return StrictCbor.write(
        new Items(List.of(new Text(type.context), new Text(device.value()), new Text(tenant))));
  }

  /** The same for what is said to every device of an installation. */
  static byte[] besides(Type type, String tenant) {
    return StrictCbor.write(new Items(List.of(new Text(type.context), new Text(tenant))));
  }

  private static byte[] toBeSigned(byte[] header, byte[] besides, byte[] payload) {
    return StrictCbor.write(
        new Items(
            List.of(
                new Text("Signature1"),
                new Bytes(header),
                new Bytes(besides),
                new Bytes(payload))));
  }

  static Envelope read(byte[] encoded, Type type) throws Unfit {
    if (encoded.length > LENGTH_MAX) {
      throw new Unfit(Refusal.TOO_LONG, "longer than " + LENGTH_MAX + " bytes");
    }
    if (encoded.length == 0 || encoded[0] != TAGGED) {
      throw new Unfit(Refusal.NOT_TAGGED, "it does not begin with the tag of COSE_Sign1");
    }
    try {
      var message =
          StrictCbor.read(
              Arrays.copyOfRange(encoded, 1, encoded.length), LENGTH_MAX, "the envelope");
      if (!(message instanceof Items(List<CborValue> parts))
          || parts.size() != 4
          || !(parts.get(0) instanceof Bytes(byte[] header))
          || !(parts.get(1) instanceof Members(Map<CborValue, CborValue> unprotected))
          || !(parts.get(2) instanceof Bytes(byte[] payload))
          || !(parts.get(3) instanceof Bytes(byte[] signature))) {
        throw new MalformedCbor("the envelope is not a header, a map, a payload and a signature");
      }
      var labels = labels(header);
      if (!unprotected.isEmpty()) {
        throw new Unfit(Refusal.HEADER, "something is in the unprotected header");
      }
      if (!(labels.at(ALGORITHM) instanceof Whole(long algorithm))) {
        throw new Unfit(Refusal.ALGORITHM, "the protected header names no algorithm");
      }
      if (!(labels.at(KEY_ID) instanceof Bytes(byte[] keyId))
          || keyId.length == 0
          || keyId.length > KEY_ID_MAX
          || !new Text(type.typ).equals(labels.at(TYPE))) {
        throw new Unfit(Refusal.HEADER, "the protected header lacks the key's name or the type");
      }
      try {
        labels.requireNoOther();
      } catch (MalformedCbor e) {
        throw new Unfit(Refusal.HEADER, "the protected header has what is not known");
      }
      return new Envelope(
          header,
          algorithm,
          keyId,
          payload,
          StrictCbor.read(payload, LENGTH_MAX, "the payload"),
          signature);
    } catch (MalformedCbor e) {
      throw new Unfit(Refusal.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static Labels labels(byte[] header) throws Unfit, MalformedCbor {
    // RFC 9052, 3: an empty header is an empty string.
    if (header.length == 0) {
      throw new Unfit(Refusal.ALGORITHM, "the protected header is empty");
    }
    return Labels.of(StrictCbor.read(header, LENGTH_MAX, "the protected header"), "the header");
  }

  /** Whether the key is named as its signer, in hexadecimal. */
  String keyIdHex() {
    return HEX.formatHex(keyId);
  }

  boolean isSignedBy(CoseAlgorithm expected, PublicKey key, byte[] besides) {
    return algorithm == expected.label()
        && expected.verifies(key, toBeSigned(header, besides, encoded), signature);
  }
}
