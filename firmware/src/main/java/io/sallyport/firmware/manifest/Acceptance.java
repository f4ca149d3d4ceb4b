package io.sallyport.firmware.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Whether a device may install an image: asked before a byte of it is installed, and of the image
 * itself again when it is there. Every doubt is a refusal with its reason.
 */
public final class Acceptance {
  /** How far a signer's clock may be ahead of the device's. */
  public static final Duration SKEW = Duration.ofMinutes(5);

  private Acceptance() {}

  /**
   * Refuses a manifest that is not signed, not fresh, or not for this device.
   *
   * @return whose word is in it
   */
  public static List<FirmwareName> require(
      SignedManifest signed, ReleaseTrust trust, InstalledState state) throws FirmwareRefused {
    var signers = trust.requireSigned(signed);
    requireFitting(signed.manifest(), state);
    return signers;
  }

  private static void requireFitting(Manifest manifest, InstalledState state)
      throws FirmwareRefused {
    if (!manifest.name().equals(state.name())) {
      throw new FirmwareRefused(
          Refusal.OTHER_NAME,
          "this device runs '" + state.name() + "', the image is '" + manifest.name() + "'");
    }
    if (!manifest.hardware().contains(state.hardware())) {
      throw new FirmwareRefused(
          Refusal.OTHER_HARDWARE,
          "this device is '" + state.hardware() + "', the image is for " + manifest.hardware());
    }
    if (manifest.counter() < state.counter()) {
      throw new FirmwareRefused(
          Refusal.DOWNGRADE,
          "its security counter is "
              + manifest.counter()
              + ", and "
              + state.counter()
              + " was installed here");
    }
    if (state.now().isPresent()) {
      requireTimely(manifest, state.now().get());
    }
    for (var needed : manifest.dependencies().entrySet()) {
      var there = state.installed().get(needed.getKey());
      if (there == null || there.compareTo(needed.getValue()) < 0) {
        throw new FirmwareRefused(
            Refusal.DEPENDENCY,
            "it needs '"
                + needed.getKey()
                + "' "
                + needed.getValue()
                + " or later; here is "
                + (there == null ? "none" : there));
      }
    }
  }

  /** Refuses what is signed in the future, or expired. */
  public static void requireTimely(Manifest manifest, Instant now) throws FirmwareRefused {
    if (manifest.issued().minus(SKEW).isAfter(now)) {
      throw new FirmwareRefused(
          Refusal.NOT_YET_VALID, "it was signed at " + manifest.issued() + ", and now is " + now);
    }
    if (!manifest.expires().isAfter(now)) {
      throw new FirmwareRefused(
          Refusal.EXPIRED, "it expired at " + manifest.expires() + ", and now is " + now);
    }
  }

  /**
   * Refuses an image that is not the manifest's, reading no further than one byte behind its
   * length.
   *
   * @throws IOException when the image cannot be read
   */
  public static void requireImage(Manifest manifest, InputStream image)
      throws FirmwareRefused, IOException {
    var engine = Sha256.engine();
    var block = new byte[64 * 1024];
    long left = manifest.size();
    while (left > 0) {
      int read = image.read(block, 0, (int) Math.min(block.length, left));
      if (read < 0) {
        throw new FirmwareRefused(
            Refusal.SIZE,
            "the image has " + (manifest.size() - left) + " bytes, not " + manifest.size());
      }
      engine.update(block, 0, read);
      left -= read;
    }
    if (image.read() >= 0) {
      throw new FirmwareRefused(
          Refusal.SIZE, "the image has more than " + manifest.size() + " bytes");
    }
    if (!MessageDigest.isEqual(engine.digest(), manifest.digest().bytes())) {
      throw new FirmwareRefused(
          Refusal.DIGEST, "the image has another SHA-256 than the manifest says");
    }
  }
}
