package io.sallyport.firmware.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Items;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ManifestTest {
  @Test
  void readsWhatItWrites() throws Exception {
    var manifest = Samples.manifest();

    var read = Manifest.read(manifest.encoded());

    assertThat(read).isEqualTo(manifest);
    assertThat(read.encoded()).isEqualTo(manifest.encoded());
  }

  @Test
  void hasTheSameBytesForEver() {
    var manifest =
        new Manifest(
            new FirmwareName("pump"),
            new FirmwareVersion("1.4.2"),
            new TreeSet<>(List.of(new HardwareId("pump-v2"))),
            7,
            19,
            Sha256.ofDigest(new byte[32]),
            ImageKind.RAW,
            Instant.ofEpochSecond(1_764_000_000),
            Instant.ofEpochSecond(1_795_536_000),
            new TreeMap<>(),
            Optional.empty());

    assertThat(HexFormat.of().formatHex(manifest.encoded()))
        .isEqualTo(
            "aa"
                + "0101"
                + "026470756d70"
                + "0365312e342e32"
                + "04816770756d702d7632"
                + "0507"
                + "0613"
                + "075820"
                + "00".repeat(32)
                + "0863726177"
                + "091a69248100"
                + "0a1a6b05b480");
  }

  @Test
  void refusesEveryOtherMember() {
    refuses(1, new Whole(2), "format");
    refuses(2, new Text("Pump"), "firmware name");
    refuses(3, new Text("latest"), "version");
    refuses(3, new Whole(1), "label 3");
    refuses(4, new Items(List.of()), "hardware");
    refuses(4, new Text("pump-v2"), "hardware");
    refuses(4, new Items(List.of(new Whole(1))), "hardware id");
    refuses(4, new Items(List.of(new Text("b"), new Text("a"))), "order");
    refuses(4, new Items(List.of(new Text("a"), new Text("a"))), "order");
    refuses(5, new Whole(-1), "counter");
    refuses(5, new Whole(1L << 32), "counter");
    refuses(6, new Whole(0), "bytes");
    refuses(6, new Whole(Manifest.SIZE_MAX + 1), "bytes");
    refuses(7, new Bytes(new byte[31]), "32 bytes");
    refuses(8, new Text("exe"), "kind");
    refuses(9, new Whole(-1), "time");
    refuses(10, new Whole(253_402_300_800L), "time");
    refuses(10, new Whole(Samples.NOW.getEpochSecond()), "expire");
    refuses(11, new Members(Map.of()), "name nothing");
    refuses(11, Labels.texts(Map.of("b", new Whole(1))), "version");
    refuses(12, new Bytes(new byte[33]), "32 bytes");
    refuses(13, new Whole(1), "not known");
  }

  private static void refuses(int label, CborValue value, String word) {
    try {
      var members =
          new HashMap<>(
              ((Members) StrictCbor.read(Samples.manifest().encoded(), 8192, "it")).values());
      members.put(new Whole(label), value);
      var bytes = StrictCbor.write(new Members(members));
      assertThatThrownBy(() -> Manifest.read(bytes))
          .isInstanceOfSatisfying(
              FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.MALFORMED))
          .hasMessageContaining(word);
    } catch (MalformedCbor e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesWhatIsMissingCutOrTooLong() {
    var whole = Samples.manifest().encoded();
    for (int length = 0; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Manifest.read(cut)).isInstanceOf(FirmwareRefused.class);
    }
    assertThatThrownBy(() -> Manifest.read(new byte[Manifest.LENGTH_MAX + 1]))
        .isInstanceOfSatisfying(
            FirmwareRefused.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LONG));
  }

  @Test
  void refusesTimesThatAreNoSeconds() {
    assertThatThrownBy(() -> Samples.manifest(1, Samples.NOW.plus(Duration.ofDays(1)).plusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wordsLeadBack() {
    for (var kind : ImageKind.values()) {
      assertThat(ImageKind.ofWord(kind.word())).contains(kind);
    }
    for (var refusal : Refusal.values()) {
      assertThat(Refusal.ofWord(refusal.word())).contains(refusal);
    }
  }
}
