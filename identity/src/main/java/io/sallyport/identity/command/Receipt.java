package io.sallyport.identity.command;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a device says became of a command, signed with the key of its own certificate.
 *
 * @param command which
 * @param device who says it
 * @param sequence the command's number
 * @param result what became of it
 * @param refusal why not, where it was refused
 * @param stateHash SHA-256 of the device's state afterwards, in whatever form the two sides agreed
 *     on, in lower-case hexadecimal; null for none
 * @param detail a sentence of at most 128 bytes; empty for none
 * @param at when, by the device's clock; null if it has none
 */
public record Receipt(
    CommandId command,
    PrincipalId device,
    long sequence,
    Result result,
    @Nullable Refusal refusal,
    @Nullable String stateHash,
    String detail,
    @Nullable Instant at) {
  /** Bound: bytes of a detail. */
  public static final int DETAIL_MAX = 128;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** What became of a command. */
  public enum Result {
    /** Done. */
    EXECUTED(0),
    /** Tried, and it did not work. */
    FAILED(1),
    /** Not tried. */
    REFUSED(2),
    /** It was taken before, and the device does not know any more what came of it. */
    UNKNOWN(3);

    private final int number;

    Result(int number) {
      this.number = number;
    }

    private static Result of(long number) throws MalformedCbor {
      for (var result : values()) {
        if (result.number == number) {
          return result;
        }
      }
      throw new MalformedCbor("a receipt's result is 0 to 3, not " + number);
    }
  }

  private static final int COMMAND = 1;
  private static final int DEVICE = 2;
  private static final int SEQUENCE = 3;
  private static final int RESULT = 4;
  private static final int REFUSAL = 5;
  private static final int STATE_HASH = 6;
  private static final int DETAIL = 7;
  private static final int AT = 8;

  /** Refuses, with {@link IllegalArgumentException}, what no receipt says. */
  public Receipt {
    if (sequence < 0 || sequence > ReplayWindow.NUMBER_MAX) {
      throw new IllegalArgumentException("no sequence number: " + sequence);
    }
    if ((result == Result.REFUSED) != (refusal != null)) {
      throw new IllegalArgumentException("a reason belongs to a refusal, and to nothing else");
    }
    if (stateHash != null && !HASH.matcher(stateHash).matches()) {
      throw new IllegalArgumentException("a state's hash is 64 lower-case hex digits");
    }
    if (detail.getBytes(StandardCharsets.UTF_8).length > DETAIL_MAX) {
      throw new IllegalArgumentException("a detail has at most " + DETAIL_MAX + " bytes");
    }
  }

  /** The receipt as it is sent: tag 18, named by the certificate's fingerprint. */
  public byte[] sign(String tenant, Fingerprint certificate, EnvelopeKey key) {
    return Envelope.sign(
        Envelope.Type.RECEIPT,
        payload(),
        certificate.hex(),
        Envelope.besides(Envelope.Type.RECEIPT, device, tenant),
        key);
  }

  private byte[] payload() {
    var members = new TreeMap<Integer, CborValue>();
    members.put(COMMAND, new Bytes(command.bytes()));
    members.put(DEVICE, new Text(device.value()));
    members.put(SEQUENCE, new Whole(sequence));
    members.put(RESULT, new Whole(result.number));
    if (refusal != null) {
      members.put(REFUSAL, new Text(refusal.word()));
    }
    if (stateHash != null) {
      members.put(STATE_HASH, new Bytes(HexFormat.of().parseHex(stateHash)));
    }
    if (!detail.isEmpty()) {
      members.put(DETAIL, new Text(detail));
    }
    if (at != null) {
      members.put(AT, new Whole(at.getEpochSecond()));
    }
    return StrictCbor.write(Labels.numbers(members));
  }

  /** It is no receipt of that device. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Reads and verifies a receipt.
   *
   * @param device whose it must be
   * @param keys the key of an active certificate of that device
   */
  public static Receipt verify(
      byte[] message,
      PrincipalId device,
      String tenant,
      Function<Fingerprint, Optional<PublicKey>> keys)
      throws Refused {
    try {
      var envelope = Envelope.read(message, Envelope.Type.RECEIPT);
      var receipt = of(envelope.payload());
      var key = keys.apply(new Fingerprint(envelope.keyIdHex()));
      if (key.isEmpty()) {
        throw new Refused("no active certificate of the device has that fingerprint");
      }
      var besides = Envelope.besides(Envelope.Type.RECEIPT, device, tenant);
      if (!envelope.isSignedBy(CoseAlgorithm.of(key.get()), key.get(), besides)) {
        throw new Refused("the device's key did not sign it");
      }
      if (!receipt.device().equals(device)) {
        throw new Refused("it speaks of another device");
      }
      return receipt;
    } catch (Envelope.Unfit | MalformedCbor | IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  private static Receipt of(CborValue payload) throws MalformedCbor {
    var labels = Labels.of(payload, "the receipt");
    try {
      var receipt =
          new Receipt(
              CommandId.of(labels.bytes(COMMAND)),
              new PrincipalId(labels.text(DEVICE)),
              labels.number(SEQUENCE),
              Result.of(labels.number(RESULT)),
              labels.has(REFUSAL) ? refusal(labels.text(REFUSAL)) : null,
              labels.has(STATE_HASH) ? HexFormat.of().formatHex(labels.bytes(STATE_HASH)) : null,
              labels.has(DETAIL) ? labels.text(DETAIL) : "",
              labels.has(AT) ? Instant.ofEpochSecond(labels.number(AT)) : null);
      labels.requireNoOther();
      return receipt;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedCbor(String.valueOf(e.getMessage()));
    }
  }

  private static Refusal refusal(String word) throws MalformedCbor {
    return Refusal.ofWord(word)
        .orElseThrow(() -> new MalformedCbor("no reason of a refusal: " + word));
  }
}
