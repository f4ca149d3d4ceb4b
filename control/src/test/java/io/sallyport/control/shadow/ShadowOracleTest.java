package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.shadow.JsonValue.Digits;
import io.sallyport.control.shadow.JsonValue.Items;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.JsonValue.Nothing;
import io.sallyport.control.shadow.JsonValue.Text;
import io.sallyport.control.shadow.JsonValue.Truth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random states against an oracle that knows no trees: a state is a map of ways to leaves, and a
 * change writes and removes ways, one after the other.
 */
class ShadowOracleTest {
  private static final int ROUNDS = 2_000;
  private static final List<String> NAMES = List.of("a", "b", "c", "timestamp");

  @ParameterizedTest
  @ValueSource(longs = {1, 20, 300, 4_000})
  void mergingIsWritingLeavesOneAfterTheOther(long seed) {
    var random = new SplittableRandom(seed);
    var section = Section.EMPTY;
    var leaves = new TreeMap<String, JsonValue>();
    var times = new TreeMap<String, Long>();
    for (int second = 1; second <= ROUNDS; second++) {
      var change = random.nextInt(40) == 0 ? Nothing.NOTHING : members(random, 3, true);
      section = section.merged(change, second);
      apply(change, "", leaves, times, second);

      assertThat(flat(section.state())).as("seed %d, round %d", seed, second).isEqualTo(leaves);
      assertThat(flatTimes(section)).as("seed %d, round %d", seed, second).isEqualTo(times);
      assertNothingEmpty(section.state());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 60, 700, 8_000})
  void aDeviceThatTakesTheDeltaReportsWhatIsDesired(long seed) {
    var random = new SplittableRandom(seed);
    var desired = Section.EMPTY;
    var reported = Section.EMPTY;
    for (int round = 1; round <= ROUNDS; round++) {
      desired = desired.merged(members(random, 3, true), round);
      reported = reported.merged(members(random, 3, true), round);
      var delta = desired.delta(reported.state());

      var wanted = flat(desired.state());
      var said = flat(reported.state());
      flat(delta.state())
          .forEach(
              (way, value) -> {
                assertThat(wanted).containsEntry(way, value);
                assertThat(said).doesNotContainEntry(way, value);
              });
      var obedient = reported.merged(delta.state(), round);
      assertThat(desired.delta(obedient.state()).isEmpty())
          .as("seed %d, round %d: %s of %s", seed, round, delta, reported)
          .isTrue();
      assertThat(flat(obedient.state())).containsAllEntriesOf(wanted);
      assertThat(desired.delta(desired.state()).isEmpty()).isTrue();
      // What is written is read as it was.
      assertThat(SectionTest.object(SectionTest.json(desired.state()))).isEqualTo(desired.state());
    }
  }

  private static void apply(
      JsonValue change,
      String way,
      Map<String, JsonValue> leaves,
      Map<String, Long> times,
      long second) {
    if (change instanceof Members(var byName)) {
      // A leaf at the place of an object makes room for it.
      leaves.remove(way);
      times.remove(way);
      byName.forEach((name, value) -> apply(value, way + "/" + name, leaves, times, second));
      return;
    }
    leaves.keySet().removeIf(key -> key.equals(way) || key.startsWith(way + "/"));
    times.keySet().removeIf(key -> key.equals(way) || key.startsWith(way + "/"));
    if (!(change instanceof Nothing)) {
      leaves.put(way, change);
      times.put(way, second);
    }
  }

  private static Map<String, JsonValue> flat(Members members) {
    var leaves = new TreeMap<String, JsonValue>();
    flatten(members, "", leaves);
    return leaves;
  }

  private static void flatten(JsonValue value, String way, Map<String, JsonValue> leaves) {
    if (value instanceof Members(var byName)) {
      byName.forEach((name, member) -> flatten(member, way + "/" + name, leaves));
    } else {
      leaves.put(way, value);
    }
  }

  private static Map<String, Long> flatTimes(Section section) {
    var times = new TreeMap<String, Long>();
    flat(section.state())
        .forEach(
            (way, value) -> {
              JsonValue metadata = section.metadata().at(way.substring(1).split("/")).orElseThrow();
              var stamps = new ArrayList<Long>();
              stamps(value, metadata, stamps);
              assertThat(stamps.stream().distinct().count()).as(way).isLessThanOrEqualTo(1);
              // An array without elements has nowhere to keep a time.
              times.put(way, stamps.isEmpty() ? -1L : stamps.getFirst());
            });
    return times;
  }

  private static void stamps(JsonValue value, JsonValue metadata, List<Long> stamps) {
    switch (value) {
      case Items(var values) -> {
        var inner = ((Items) metadata).values();
        assertThat(inner).hasSameSizeAs(values);
        for (int i = 0; i < values.size(); i++) {
          stamps(values.get(i), inner.get(i), stamps);
        }
      }
      case Members(var byName) ->
          byName.forEach((name, member) -> stamps(member, metadata.at(name).orElseThrow(), stamps));
      case Text _, Digits _, Truth _, Nothing _ ->
          stamps.add(Long.valueOf(((Digits) metadata.at("timestamp").orElseThrow()).literal()));
    }
  }

  private static void assertNothingEmpty(Members members) {
    for (var member : members.byName().values()) {
      assertThat(member).isNotInstanceOf(Nothing.class);
      if (member instanceof Members inner) {
        assertThat(inner.isEmpty()).isFalse();
        assertNothingEmpty(inner);
      }
    }
  }

  private static Members members(SplittableRandom random, int depth, boolean nulls) {
    var members = new LinkedHashMap<String, JsonValue>();
    int count = random.nextInt(nulls ? 0 : 1, 4);
    for (int i = 0; i < count; i++) {
      members.put(NAMES.get(random.nextInt(NAMES.size())), value(random, depth, nulls));
    }
    return new Members(members);
  }

  private static JsonValue value(SplittableRandom random, int depth, boolean nulls) {
    return switch (random.nextInt(depth == 0 ? 4 : 8)) {
      case 0 -> nulls ? Nothing.NOTHING : new Text("t" + random.nextInt(3));
      case 1 -> new Digits(Integer.toString(random.nextInt(-2, 3)));
      case 2 -> new Text("t" + random.nextInt(3));
      case 3 -> new Truth(random.nextBoolean());
      case 4 ->
          new Items(
              random
                  .ints(random.nextInt(1, 3), 0, 3)
                  .mapToObj(
                      n -> n == 0 ? members(random, 1, false) : new Digits(Integer.toString(n)))
                  .<JsonValue>map(item -> item)
                  .toList());
      default -> members(random, depth - 1, nulls);
    };
  }
}
