package io.sallyport.firmware.manifest;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an image is to the one who installs it. */
public enum ImageKind {
  /** Bytes, and nothing known of them. */
  RAW,
  /** An image for MCUboot, with its header and TLVs. */
  MCUBOOT,
  /** An ESP32 application, with or without the sector of secure boot v2. */
  ESP32,
  /** A RAUC bundle. */
  RAUC,
  /** A SWUpdate archive. */
  SWUPDATE,
  /** A SUIT envelope with its payloads in it. */
  SUIT;

  /** The word in manifests, JSON and options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of a word. */
  public static Optional<ImageKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
