package io.sallyport.firmware.manifest;

import io.sallyport.firmware.signing.KeyKind;
import io.sallyport.firmware.signing.ReleaseKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A release as the tests sign it, and those who do. */
public final class Samples {
  public static final byte[] IMAGE = "an image for a pump".getBytes(StandardCharsets.US_ASCII);
  public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  public static final HardwareId HARDWARE = new HardwareId("pump-v2");
  public static final FirmwareName NAME = new FirmwareName("pump");
  public static final ReleaseKey ALICE = ReleaseKey.generate(KeyKind.ECDSA_P256);
  public static final ReleaseKey ALICE_PQ = ReleaseKey.generate(KeyKind.ML_DSA_65);
  public static final ReleaseKey BOB = ReleaseKey.generate(KeyKind.ECDSA_P256);
  public static final ReleaseKey MALLORY = ReleaseKey.generate(KeyKind.ECDSA_P256);

  private Samples() {}

  public static Manifest manifest() {
    return manifest(7, NOW.plus(Duration.ofDays(365)));
  }

  public static Manifest manifest(long counter, Instant expires) {
    return new Manifest(
        NAME,
        new FirmwareVersion("1.4.2"),
        new TreeSet<>(List.of(HARDWARE, new HardwareId("pump-v1"))),
        counter,
        IMAGE.length,
        Sha256.of(IMAGE),
        ImageKind.RAW,
        NOW,
        expires,
        new TreeMap<>(Map.of(new FirmwareName("bootloader"), new FirmwareVersion("2.0"))),
        Optional.of(Sha256.of(new byte[0])));
  }

  public static ReleaseSigner signer(String name, ReleaseKey... keys) {
    return new ReleaseSigner(
        new FirmwareName(name), List.of(keys).stream().map(ReleaseKey::publicKey).toList());
  }

  /** Alice's word alone. */
  public static ReleaseTrust trust() {
    return new ReleaseTrust(1, List.of(signer("alice", ALICE)));
  }

  public static InstalledState state() {
    return new InstalledState(
        NAME,
        HARDWARE,
        7,
        Map.of(new FirmwareName("bootloader"), new FirmwareVersion("2.0.1")),
        Optional.of(NOW));
  }
}
