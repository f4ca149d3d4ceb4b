package io.sallyport.control.rotation;

import java.util.Locale;

/** How far the rotation of one device's certificate is. */
public enum RotationState {
  /** It is to be asked, when the pace allows it. */
  DUE,
  /** It was asked for a new key; nothing else changed. */
  ASKED,
  /** It has a new certificate beside the old one, and was not seen with it. */
  ISSUED,
  /** It came with the new one; the old one is good until the grace period is over. */
  PROVEN,
  /** The old one is revoked, or expired: the end. */
  RETIRED,
  /** It came to nothing, the old one stays as it is: the end, with a reason. */
  STUCK;

  /** Whether something is still to be done. */
  public boolean isOpen() {
    return this != RETIRED && this != STUCK;
  }

  /** The word in tables and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RotationState ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
