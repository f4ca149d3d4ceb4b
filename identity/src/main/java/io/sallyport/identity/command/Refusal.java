package io.sallyport.identity.command;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a command is not obeyed, in the order in which it is looked at. */
public enum Refusal {
  /** More than 4096 bytes. */
  TOO_LONG,
  /** Not tag 18. */
  NOT_TAGGED,
  /** Not in the deterministic encoding, or not the parts that a command has. */
  MALFORMED,
  /** The header has something else than algorithm, key and type, or not these. */
  HEADER,
  /** Not ES256, or not the key's. */
  ALGORITHM,
  /** Nobody who may command this device has that key. */
  UNKNOWN_KEY,
  /** The name is not one that may come by a command at all. */
  FORBIDDEN,
  /** The signer may not give this command, or not by this channel. */
  NOT_ALLOWED,
  /** The key did not sign this. */
  BAD_SIGNATURE,
  /** It is for another device. */
  OTHER_DEVICE,
  /** Its time is over. */
  EXPIRED,
  /** Its time has not come. */
  NOT_YET_VALID,
  /** Not what this device asked for, or there is one and none was asked for. */
  CHALLENGE,
  /** Its sequence number is above 2^48-1. */
  SEQUENCE_RANGE,
  /** Its sequence number is too far behind to be known. */
  SEQUENCE_OLD,
  /** Its sequence number came before. */
  REPLAYED,
  /** A command that is only taken in its order came after a newer one. */
  OUT_OF_ORDER,
  /** An argument is missing, unknown, or out of its bounds. */
  ARGUMENTS,
  /** The device could not remember that it had it, so it did nothing. */
  NOT_REMEMBERED;

  /** The word in receipts, JSON and test vectors. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of a word. */
  public static Optional<Refusal> ofWord(String word) {
    return Stream.of(values()).filter(refusal -> refusal.word().equals(word)).findFirst();
  }
}
