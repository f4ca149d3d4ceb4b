package io.sallyport.control.publication;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** One signed revocation list, as it is kept and served. */
final class SignedList {
  private final ListName name;
  private final long number;
  private final Instant thisUpdate;
  private final Instant nextUpdate;
  private final int entries;
  private final String contents;
  private final byte[] der;

  /**
   * A list.
   *
   * @param contents a hash of what is in it, to see whether another would say anything else
   * @param der its signed form, which is this object's from now on
   */
  SignedList(
      ListName name,
      long number,
      Instant thisUpdate,
      Instant nextUpdate,
      int entries,
      String contents,
      byte[] der) {
    this.name = name;
    this.number = number;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
    this.entries = entries;
    this.contents = contents;
    this.der = der;
  }

  ListName name() {
    return name;
  }

  long number() {
    return number;
  }

  Instant thisUpdate() {
    return thisUpdate;
  }

  Instant nextUpdate() {
    return nextUpdate;
  }

  int entries() {
    return entries;
  }

  String contents() {
    return contents;
  }

  /** Its signed form, to be read only: lists are long. */
  byte[] der() {
    return der;
  }

  String base64() {
    return Base64.getEncoder().encodeToString(der);
  }

  /** When it must be made anew although nothing changed. */
  Instant renewal() {
    return thisUpdate.plus(life().dividedBy(2));
  }

  Duration life() {
    return Duration.between(thisUpdate, nextUpdate);
  }
}
