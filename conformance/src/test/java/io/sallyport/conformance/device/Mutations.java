package io.sallyport.conformance.device;

import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Items;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Nothing;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Truth;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.StrictCbor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Messages of a signer who may have lost his mind: good ones, spoilt ones, and spoilt ones that are
 * well signed, so that what stands behind the signature is reached too.
 */
final class Mutations {
  /** The highest number that the device of the tests has seen. */
  static final long SEQUENCE = 1000;

  /** What the device of the tests asked for. */
  static final Challenge CHALLENGE = new Challenge("5a".repeat(16));

  private static final int LEVELS = 9;
  private static final List<String> NAMES =
      List.of(
          "reboot",
          "reboot",
          "reboot",
          "reboot",
          "reboot",
          "reboot",
          "reboot",
          "unlock",
          "unlock",
          "reopen",
          "reopen",
          "self-test",
          "flash-firmware",
          "format",
          "re boot",
          "-reboot",
          "r".repeat(64),
          "r".repeat(65),
          "");
  private static final List<String> DEVICES =
      List.of(
          "pump-17", "pump-17", "pump-17", "pump-17", "pump-17", "pump-17", "pump-17", "pump-17",
          "pump-17", "pump-17", "pump-17", "pump-17", "pump-18", "a/b", "");
  private static final List<Long> NUMBERS =
      List.of(
          0L,
          23L,
          24L,
          255L,
          256L,
          65_535L,
          65_536L,
          0xffff_ffffL,
          0x1_0000_0000L,
          -1L,
          -24L,
          -25L,
          (1L << 48) - 1,
          1L << 48,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          253_402_300_799L);
  private static final List<String> TEXTS = List.of("", "a", "*", "grün", "\u20ac", "\ud83d\ude00");

  private final Signer signer;
  private final RandomGenerator luck;

  Mutations(Signer signer, RandomGenerator luck) {
    this.signer = signer;
    this.luck = luck;
  }

  byte[] next() {
    return switch (luck.nextInt(6)) {
      case 0, 1 -> signer.signRaw(header(), payload());
      case 2 -> spoilt(signer.signRaw(header(), payload()));
      case 3 -> signer.signRaw(header(), spoilt(payload()));
      case 4 -> signer.signRaw(spoilt(header()), payload());
      default -> withUnprotected(signer.signRaw(header(), payload()));
    };
  }

  private byte[] header() {
    var labels = new HashMap<CborValue, CborValue>();
    labels.put(new Whole(1), new Whole(-7));
    labels.put(new Whole(4), new Bytes(HexFormat.of().parseHex(signer.keyId())));
    labels.put(new Whole(16), new Text("zt-cmd+cbor"));
    if (luck.nextInt(10) == 0) {
      // 0 would come before the algorithm, and the two readers name that differently.
      labels.put(new Whole(1 + luck.nextInt(20)), value(2));
    }
    return StrictCbor.write(new Members(labels));
  }

  private byte[] payload() {
    var labels = new HashMap<CborValue, CborValue>();
    labels.put(new Whole(1), new Bytes(bytes(16)));
    labels.put(new Whole(2), new Text(one(DEVICES)));
    labels.put(new Whole(3), new Whole(sequence()));
    long issued = Signer.NOW + luck.nextInt(-60, 62);
    labels.put(new Whole(4), new Whole(issued));
    labels.put(new Whole(5), new Whole(issued + luck.nextInt(150)));
    labels.put(new Whole(6), new Text(one(NAMES)));
    labels.put(new Whole(7), arguments());
    labels.put(new Whole(8), new Whole(luck.nextInt(3)));
    switch (luck.nextInt(24)) {
      case 0 -> labels.put(new Whole(9), new Bytes(bytes(15)));
      case 1 -> labels.put(new Whole(9), new Bytes(bytes(16)));
      case 2, 3, 4, 5 -> labels.put(new Whole(9), new Bytes(CHALLENGE.bytes()));
      default -> {
        // As most are.
      }
    }
    if (luck.nextInt(12) == 0) {
      labels.put(new Whole(1 + luck.nextInt(10)), value(2));
    }
    return StrictCbor.write(new Members(labels));
  }

  private long sequence() {
    return luck.nextInt(10) == 0 ? Math.abs(one(NUMBERS)) : SEQUENCE + luck.nextInt(4 * 64) - 80;
  }

  private Members arguments() {
    var arguments = new HashMap<CborValue, CborValue>();
    int count = luck.nextInt(40) == 0 ? 30 + luck.nextInt(6) : luck.nextInt(4);
    while (arguments.size() < count) {
      int odd = luck.nextInt(40);
      var name =
          switch (odd) {
            case 0 -> value(1);
            case 1 -> new Text("a".repeat(65));
            default -> new Text("a".repeat(luck.nextInt(1, 65)));
          };
      arguments.put(name, value(odd < 4 ? LEVELS - odd : 1 + luck.nextInt(3)));
    }
    return new Members(arguments);
  }

  /** A value of at most that many levels. */
  private CborValue value(int levels) {
    if (levels <= 1) {
      return switch (luck.nextInt(5)) {
        case 0 -> new Text(one(TEXTS));
        case 1 -> new Bytes(bytes(luck.nextInt(30)));
        case 2 -> new Truth(luck.nextBoolean());
        case 3 -> new Nothing();
        default -> new Whole(one(NUMBERS));
      };
    }
    var inner = new ArrayList<CborValue>();
    for (int i = 0; i <= luck.nextInt(4) / 3; i++) {
      inner.add(value(levels - 1));
    }
    if (luck.nextBoolean()) {
      return new Items(inner);
    }
    var members = new HashMap<CborValue, CborValue>();
    inner.forEach(one -> members.put(luck.nextInt(9) == 0 ? one : value(1), one));
    return new Members(members);
  }

  /** Something in the header that nobody signs. */
  private byte[] withUnprotected(byte[] message) {
    if (luck.nextInt(4) > 0) {
      return message;
    }
    var something =
        StrictCbor.write(
            luck.nextBoolean() ? value(3) : new Members(Map.of(new Whole(4), value(2))));
    // After the tag, the array's head, and the header with its head of two bytes.
    int at = 4 + Byte.toUnsignedInt(message[3]);
    return message[2] == 0x58 ? replaced(message, at, at + 1, something) : message;
  }

  /** The same with one to three places changed. */
  private byte[] spoilt(byte[] good) {
    var spoilt = good;
    for (int i = 0; i <= luck.nextInt(3) && spoilt.length > 0; i++) {
      int at = luck.nextInt(spoilt.length);
      int to = Math.min(spoilt.length, at + 1 + luck.nextInt(4));
      spoilt =
          switch (luck.nextInt(6)) {
            case 0 -> flipped(spoilt, at);
            case 1 -> replaced(spoilt, at, at, bytes(1 + luck.nextInt(3)));
            case 2 -> replaced(spoilt, at, to, new byte[0]);
            case 3 -> replaced(spoilt, at, at, Arrays.copyOfRange(spoilt, at, to));
            case 4 -> Arrays.copyOf(spoilt, at);
            default -> replaced(spoilt, at, at + 1, StrictCbor.write(value(3)));
          };
    }
    return spoilt;
  }

  private byte[] flipped(byte[] good, int at) {
    var flipped = good.clone();
    flipped[at] ^= (byte) (1 << luck.nextInt(8));
    return flipped;
  }

  private static byte[] replaced(byte[] good, int from, int to, byte[] by) {
    var replaced = Arrays.copyOf(good, from + by.length + good.length - to);
    System.arraycopy(by, 0, replaced, from, by.length);
    System.arraycopy(good, to, replaced, from + by.length, good.length - to);
    return replaced;
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    luck.nextBytes(bytes);
    return bytes;
  }

  private <T> T one(List<T> of) {
    return of.get(luck.nextInt(of.size()));
  }
}
