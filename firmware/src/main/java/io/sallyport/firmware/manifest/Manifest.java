package io.sallyport.firmware.manifest;

import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Items;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is said of one image, and signed. The byte format is in {@code docs/firmware.md}: a map in
 * deterministic CBOR, so that a signer, a server and a microcontroller all hash the same bytes.
 *
 * @param hardware what it runs on, 1 to {@value #HARDWARE_MAX}
 * @param counter the security counter: a device that has installed one never takes a lower one (0
 *     to 2^32-1, as in MCUboot)
 * @param size bytes of the image, from 1
 * @param issued when it was signed first, in whole seconds
 * @param expires from when on nobody should install it, in whole seconds
 * @param dependencies what must be there before, in at least that version
 * @param sbom the hash of its bill of materials, if there is one
 */
public record Manifest(
    FirmwareName name,
    FirmwareVersion version,
    SortedSet<HardwareId> hardware,
    long counter,
    long size,
    Sha256 digest,
    ImageKind kind,
    Instant issued,
    Instant expires,
    SortedMap<FirmwareName, FirmwareVersion> dependencies,
    Optional<Sha256> sbom) {
  /** Bound: kinds of hardware that one image is for. */
  public static final int HARDWARE_MAX = 16;

  /** Bound: dependencies of one image. */
  public static final int DEPENDENCIES_MAX = 16;

  /** Bound: bytes of an image; 16 GiB. */
  public static final long SIZE_MAX = 1L << 34;

  /** Bound: the security counter, which MCUboot keeps in 32 bits. */
  public static final long COUNTER_MAX = (1L << 32) - 1;

  /** Bound: bytes of a manifest without its signatures. */
  static final int LENGTH_MAX = 8192;

  private static final int FORMAT = 1;
  // 9999-12-31T23:59:59Z, the last second that any certificate can name too (RFC 5280, 4.1.2.5).
  private static final long SECOND_MAX = 253_402_300_799L;

  /** The labels of its map. */
  private static final class Label {
    static final int FORMAT = 1;
    static final int NAME = 2;
    static final int VERSION = 3;
    static final int HARDWARE = 4;
    static final int COUNTER = 5;
    static final int SIZE = 6;
    static final int DIGEST = 7;
    static final int KIND = 8;
    static final int ISSUED = 9;
    static final int EXPIRES = 10;
    static final int DEPENDENCIES = 11;
    static final int SBOM = 12;

    private Label() {}
  }

  /** Refuses, with {@link IllegalArgumentException}, values out of their range. */
  public Manifest {
    hardware = Collections.unmodifiableSortedSet(new TreeSet<>(hardware));
    dependencies = Collections.unmodifiableSortedMap(new TreeMap<>(dependencies));
    require(!hardware.isEmpty(), "an image must name the hardware that it is for");
    require(
        hardware.size() <= HARDWARE_MAX,
        "an image is for at most " + HARDWARE_MAX + " kinds of hardware: " + hardware.size());
    require(
        counter >= 0 && counter <= COUNTER_MAX,
        "a security counter must be 0 to " + COUNTER_MAX + ": " + counter);
    require(
        size >= 1 && size <= SIZE_MAX, "an image must have 1 to " + SIZE_MAX + " bytes: " + size);
    require(
        dependencies.size() <= DEPENDENCIES_MAX,
        "an image has at most " + DEPENDENCIES_MAX + " dependencies: " + dependencies.size());
    requireSecond(issued);
    requireSecond(expires);
    require(expires.isAfter(issued), "an image must expire after it was signed");
  }

  private static void requireSecond(Instant instant) {
    require(
        instant.getNano() == 0
            && instant.getEpochSecond() >= 0
            && instant.getEpochSecond() <= SECOND_MAX,
        "a time must be whole seconds from 1970 to 9999: " + instant);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Its one encoding, which is signed. */
  public byte[] encoded() {
    var members = new HashMap<Integer, CborValue>();
    members.put(Label.FORMAT, new Whole(FORMAT));
    members.put(Label.NAME, new Text(name.value()));
    members.put(Label.VERSION, new Text(version.text()));
    members.put(
        Label.HARDWARE,
        new Items(hardware.stream().<CborValue>map(id -> new Text(id.value())).toList()));
    members.put(Label.COUNTER, new Whole(counter));
    members.put(Label.SIZE, new Whole(size));
    members.put(Label.DIGEST, new Bytes(digest.bytes()));
    members.put(Label.KIND, new Text(kind.word()));
    members.put(Label.ISSUED, new Whole(issued.getEpochSecond()));
    members.put(Label.EXPIRES, new Whole(expires.getEpochSecond()));
    if (!dependencies.isEmpty()) {
      var named = new HashMap<String, CborValue>();
      dependencies.forEach((on, least) -> named.put(on.value(), new Text(least.text())));
      members.put(Label.DEPENDENCIES, Labels.texts(named));
    }
    sbom.ifPresent(hash -> members.put(Label.SBOM, new Bytes(hash.bytes())));
    return StrictCbor.write(Labels.numbers(members));
  }

  /** Reads one, not yet believed. */
  public static Manifest read(byte[] encoded) throws FirmwareRefused {
    if (encoded.length > LENGTH_MAX) {
      throw new FirmwareRefused(
          Refusal.TOO_LONG, "the manifest is longer than " + LENGTH_MAX + " bytes");
    }
    try {
      var labels = Labels.of(StrictCbor.read(encoded, LENGTH_MAX, "the manifest"), "the manifest");
      if (labels.number(Label.FORMAT) != FORMAT) {
        throw new MalformedCbor("the manifest is of a format that is not known");
      }
      var manifest =
          new Manifest(
              new FirmwareName(labels.text(Label.NAME)),
              new FirmwareVersion(labels.text(Label.VERSION)),
              hardware(labels),
              labels.number(Label.COUNTER),
              labels.number(Label.SIZE),
              digest(labels, Label.DIGEST),
              kind(labels.text(Label.KIND)),
              second(labels, Label.ISSUED),
              second(labels, Label.EXPIRES),
              dependencies(labels),
              labels.has(Label.SBOM) ? Optional.of(digest(labels, Label.SBOM)) : Optional.empty());
      labels.requireNoOther();
      return manifest;
    } catch (MalformedCbor | IllegalArgumentException e) {
      throw new FirmwareRefused(Refusal.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static SortedSet<HardwareId> hardware(Labels labels) throws MalformedCbor {
    if (!(labels.at(Label.HARDWARE) instanceof Items(List<CborValue> values))) {
      throw new MalformedCbor("the manifest names no hardware");
    }
    var read = new ArrayList<HardwareId>();
    for (var value : values) {
      if (!(value instanceof Text(String id))) {
        throw new MalformedCbor("a hardware id is not a text");
      }
      read.add(new HardwareId(id));
    }
    var sorted = new TreeSet<>(read);
    if (!List.copyOf(sorted).equals(read)) {
      throw new MalformedCbor("the hardware is not in its order, each once");
    }
    return sorted;
  }

  private static SortedMap<FirmwareName, FirmwareVersion> dependencies(Labels labels)
      throws MalformedCbor {
    var read = new TreeMap<FirmwareName, FirmwareVersion>();
    if (!labels.has(Label.DEPENDENCIES)) {
      return read;
    }
    for (var named : labels.texts(Label.DEPENDENCIES).entrySet()) {
      if (!(named.getValue() instanceof Text(String least))) {
        throw new MalformedCbor("a dependency's version is not a text");
      }
      read.put(new FirmwareName(named.getKey()), new FirmwareVersion(least));
    }
    if (read.isEmpty()) {
      throw new MalformedCbor("dependencies are there and name nothing");
    }
    return read;
  }

  private static Sha256 digest(Labels labels, int label) throws MalformedCbor {
    var bytes = labels.bytes(label);
    if (bytes.length != Sha256.LENGTH) {
      throw new MalformedCbor("a hash in the manifest has not " + Sha256.LENGTH + " bytes");
    }
    return Sha256.ofDigest(bytes);
  }

  private static ImageKind kind(String word) throws MalformedCbor {
    return ImageKind.ofWord(word)
        .orElseThrow(() -> new MalformedCbor("the image is of a kind that is not known"));
  }

  private static Instant second(Labels labels, int label) throws MalformedCbor {
    long second = labels.number(label);
    if (second < 0 || second > SECOND_MAX) {
      throw new MalformedCbor("a time in the manifest is out of its range");
    }
    return Instant.ofEpochSecond(second);
  }
}
