package io.sallyport.identity.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvsPartitionTest {
  private static final int FULL = 0xfffffffc;
  private static final int ACTIVE = 0xfffffffe;
  private static final int EMPTY = 0xffffffff;

  @Test
  void holdsWhatWasPutIn() throws Exception {
    var partition =
        new NvsPartition("sallyport")
            .text("id", "device-001")
            .number("port", 8883)
            .blob("key", new byte[] {1, 2, 3});

    var image = NvsImage.read(partition.image(0x6000));

    assertThat(image.values())
        .containsEntry("sallyport.id", "device-001")
        .containsEntry("sallyport.port", 8883)
        .containsEntry("sallyport.key", new byte[] {1, 2, 3});
    assertThat(image.states()).containsExactly(ACTIVE, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY);
  }

  @Test
  void spreadsABlobOverPagesAndLeavesTheLastOneEmpty() throws Exception {
    var large = bytes(1, 9_000);

    var image = NvsImage.read(new NvsPartition("n").blob("large", large).image(0x4000));

    assertThat(image.values()).containsEntry("n.large", large);
    assertThat(image.states()).containsExactly(FULL, FULL, ACTIVE, EMPTY);
  }

  /** Every size at which something changes: a chunk that fills its page, and one byte beside it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 3936, 3967, 3968, 3969, 4000, 7968, 8001})
  void holdsABlobOfAnySize(int size) throws Exception {
    var blob = bytes(size, size);

    var image =
        NvsImage.read(new NvsPartition("n").blob("b", blob).number("after", 7).image(0x6000));

    assertThat(image.values()).containsEntry("n.b", blob).containsEntry("n.after", 7);
  }

  /** Seeded worlds of entries, in clear and encrypted, each read back bit for bit. */
  @Test
  void decryptsToTheImageInClearWhateverIsInIt() throws Exception {
    var random = new SplittableRandom(20261123);
    for (int round = 0; round < 200; round++) {
      var partition = new NvsPartition("ns" + round);
      var expected = new HashMap<String, Object>();
      for (int i = 0; i < random.nextInt(1, 12); i++) {
        add(partition, expected, "ns" + round + ".", "key" + i, random);
      }
      try (var keys = NvsKeys.generate()) {
        var clear = partition.image(0x10000);
        var encrypted = partition.encrypted(0x10000, keys);

        assertThat(NvsImage.decrypted(encrypted, keys.partition())).isEqualTo(clear);
        assertThat(NvsImage.read(clear).values()).usingRecursiveComparison().isEqualTo(expected);
      }
    }
  }

  private static void add(
      NvsPartition partition,
      Map<String, Object> expected,
      String namespace,
      String key,
      SplittableRandom random) {
    switch (random.nextInt(3)) {
      case 0 -> {
        int number = random.nextInt(0x10000);
        partition.number(key, number);
        expected.put(namespace + key, number);
      }
      case 1 -> {
        var text = "x".repeat(random.nextInt(3_999));
        partition.text(key, text);
        expected.put(namespace + key, text);
      }
      default -> {
        var blob = bytes(random.nextInt(), random.nextInt(1, 6_000));
        partition.blob(key, blob);
        expected.put(namespace + key, blob);
      }
    }
  }

  @Test
  void hidesEveryEntryAndLeavesHeadersReadable() throws Exception {
    var partition = new NvsPartition("sallyport").text("secret", "not to be seen in flash");
    try (var keys = NvsKeys.generate()) {
      var clear = partition.image(0x3000);
      var encrypted = partition.encrypted(0x3000, keys);

      assertThat(Arrays.copyOf(encrypted, 64)).isEqualTo(Arrays.copyOf(clear, 64));
      for (int at = 64; at < 64 + 3 * 32; at += 32) {
        assertThat(Arrays.copyOfRange(encrypted, at, at + 32))
            .isNotEqualTo(Arrays.copyOfRange(clear, at, at + 32));
      }
      assertThat(Arrays.copyOfRange(encrypted, 64 + 4 * 32, 0x3000)).containsOnly(-1);
    }
  }

  /** Equal entries at two places look different, and the same image differs under each key. */
  @Test
  void twoDevicesHaveNothingInCommon() throws Exception {
    var partition = new NvsPartition("n").blob("zeros", new byte[128]);
    try (var one = NvsKeys.generate();
        var other = NvsKeys.generate()) {
      var image = partition.encrypted(0x3000, one);

      assertThat(image).isNotEqualTo(partition.encrypted(0x3000, other));
      // Namespace and chunk come first, then the zeros.
      assertThat(Arrays.copyOfRange(image, 64 + 2 * 32, 64 + 3 * 32))
          .isNotEqualTo(Arrays.copyOfRange(image, 64 + 3 * 32, 64 + 4 * 32));
      assertThat(one.partition()).hasSize(4096).isNotEqualTo(other.partition());
    }
  }

  @Test
  void saysHowMuchIsNeededWhereItDoesNotFit() {
    var partition = new NvsPartition("n").blob("large", new byte[12_000]);

    assertThatThrownBy(() -> partition.image(0x3000))
        .isInstanceOfSatisfying(
            NvsPartition.TooSmall.class, e -> assertThat(e.needed()).isEqualTo(0x5000));
  }

  @Test
  void whatIsSaidToBeNeededIsEnough() throws Exception {
    var partition = new NvsPartition("n").blob("large", new byte[12_000]);

    assertThat(NvsImage.read(partition.image(0x5000)).values()).containsKey("n.large");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x1000, 0x2000, 0x3001, 0x101000, -0x4000})
  void refusesSizesThatNoChipHas(int size) {
    assertThatThrownBy(() -> new NvsPartition("n").image(size))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sixteen-letters-", "späť", "a b", "nul\0"})
  void refusesKeysThatTheChipCannotFind(String key) {
    assertThatThrownBy(() -> new NvsPartition("n").number(key, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesValuesThatTheFormatCannotHold() {
    var partition = new NvsPartition("n");

    assertThatThrownBy(() -> partition.text("k", "x".repeat(4_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> partition.text("k", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> partition.number("k", 0x10000))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> partition.blob("k", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyPartitionWithAnotherBitIsNone() throws Exception {
    try (var keys = NvsKeys.generate()) {
      var partition = keys.partition();
      partition[5] ^= 1;

      assertThatThrownBy(() -> NvsImage.decrypted(new byte[4096], partition))
          .isInstanceOf(MalformedNvs.class);
    }
  }

  private static byte[] bytes(long seed, int length) {
    var bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
