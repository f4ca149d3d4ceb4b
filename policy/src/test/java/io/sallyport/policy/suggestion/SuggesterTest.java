package io.sallyport.policy.suggestion;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.activity.NamePattern;
import io.sallyport.policy.analysis.Lint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuggesterTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final String OWN = "${iot:Connection.Thing.ThingName}";
  private static final int SEEDS = 100;

  private final List<Seen> seen = new ArrayList<>();
  private Set<String> principals = Set.of();

  private void saw(String device, Action action, String name) {
    seen.add(
        new Seen(
            device, true, action, NamePattern.of(name), 1, FIRST, FIRST.plusSeconds(seen.size())));
  }

  private Suggestion suggest() {
    return Suggester.suggest(seen, principals::contains, Suggester.DISTINCT_DEFAULT);
  }

  private static List<String> resources(Suggestion suggestion, Action action) {
    return suggestion.statements().stream()
        .filter(statement -> statement.actions().contains(action))
        .flatMap(statement -> statement.resources().keySet().stream())
        .toList();
  }

  private static PolicyVersion version(Suggestion suggestion) throws Exception {
    return new PolicyVersion("s", 1, PolicyDocument.parse(suggestion.document()));
  }

  private static SessionPolicy rights(Suggestion suggestion, String device) throws Exception {
    return SessionPolicy.compile(
        PolicySet.of(List.of(version(suggestion))),
        new Subject(device, device, null, Map.of(), _ -> List.of()));
  }

  @Test
  void aDevicesOwnNameBecomesTheVariable() throws Exception {
    principals = Set.of("a-1", "a-2");
    for (var device : principals) {
      saw(device, Action.CONNECT, device);
      saw(device, Action.PUBLISH, "devices/" + device + "/telemetry");
      saw(device, Action.SUBSCRIBE, "devices/" + device + "/commands/#");
      saw(device, Action.RECEIVE, "devices/" + device + "/commands/reboot");
    }

    var suggestion = suggest();

    assertThat(resources(suggestion, Action.CONNECT)).containsExactly("client/" + OWN);
    assertThat(resources(suggestion, Action.PUBLISH))
        .containsExactly("topic/devices/" + OWN + "/telemetry");
    assertThat(resources(suggestion, Action.SUBSCRIBE))
        .containsExactly("topicfilter/devices/" + OWN + "/commands/#");
    assertThat(resources(suggestion, Action.RECEIVE))
        .containsExactly("topic/devices/" + OWN + "/commands/*");
    assertThat(suggestion.remarks()).isEmpty();
    assertThat(Lint.of(PrincipalKind.DEVICE, version(suggestion)).failed()).isFalse();
    var evidence =
        requireNonNull(suggestion.statements().getFirst().resources().get("client/" + OWN));
    assertThat(evidence.principals()).containsExactlyInAnyOrder("a-1", "a-2");
    assertThat(evidence.count()).isEqualTo(2);
  }

  @Test
  void aLevelVariesOnlyWhereEnoughValuesSayIt() {
    IntStream.range(0, 4).forEach(i -> saw("a", Action.PUBLISH, "few/" + i + "/x"));
    IntStream.range(0, 5).forEach(i -> saw("a", Action.PUBLISH, "many/" + i + "/x"));

    assertThat(resources(suggest(), Action.PUBLISH))
        .containsExactly(
            "topic/few/0/x", "topic/few/1/x", "topic/few/2/x", "topic/few/3/x", "topic/many/*/x");
  }

  /** The attack: a few peculiar names, and every device may speak for every other. */
  @Test
  void namesOfOtherDevicesAreNeverGeneralised() {
    principals = Set.of("d-1", "d-2", "d-3", "d-4", "d-5", "d-6");
    for (var other : principals) {
      saw("d-1", Action.PUBLISH, "inbox/" + other + "/mail");
    }
    // Values that are nobody's, in a place where names of devices stand too.
    for (var device : principals) {
      saw(device, Action.PUBLISH, "room/" + device + "/x");
      saw(device, Action.PUBLISH, "room/hall-" + device.charAt(2) + "/x");
    }

    var suggestion = suggest();

    assertThat(resources(suggestion, Action.PUBLISH))
        .contains("topic/inbox/d-2/mail", "topic/room/hall-1/x", "topic/room/" + OWN + "/x")
        .noneMatch(resource -> resource.contains("*"));
    assertThat(suggestion.remarks()).anyMatch(remark -> remark.contains("names another principal"));
  }

  @Test
  void nothingIsEverBare() {
    for (int i = 0; i < 20; i++) {
      saw("a", Action.PUBLISH, "topic-" + i);
      saw("a", Action.PUBLISH, "root-" + i + "/x");
    }
    saw("a", Action.SUBSCRIBE, "#");
    saw("a", Action.SUBSCRIBE, "+/x");

    var suggestion = suggest();

    assertThat(suggestion.document()).doesNotContain("\"*\"", "topic/*\"", "topic/*/");
    assertThat(suggestion.remarks()).hasSize(2);
  }

  @Test
  void aWordThatADeviceHappensToBeCalledByStaysAWord() {
    saw("temp", Action.PUBLISH, "room/temp");
    saw("other", Action.PUBLISH, "room/temp");
    assertThat(resources(suggest(), Action.PUBLISH)).containsExactly("topic/room/temp");
  }

  @Test
  void lettersThatMeanSomethingToAPolicyMeanThemselves() throws Exception {
    saw("a", Action.PUBLISH, "odd/*/?/${x}/$y");
    var rights = rights(suggest(), "a");
    assertThat(rights.decide(Action.PUBLISH, "odd/*/?/${x}/$y").isAllowed()).isTrue();
    assertThat(rights.decide(Action.PUBLISH, "odd/z/?/${x}/$y").isAllowed()).isFalse();
  }

  @Test
  void whatCouldNotBeRecordedIsSaid() {
    saw("a", Action.CONNECT, "a");
    seen.add(new Seen("a", true, Action.PUBLISH, NamePattern.UNRECORDED, 7, FIRST, FIRST));
    assertThat(suggest().remarks().getFirst()).contains("7 uses of iot:Publish", "not covered");
  }

  @Test
  void allThatWasSeenIsAllowedAndNoDeviceGetsAnothersTopics() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      seen.clear();
      var devices = IntStream.range(0, 1 + random.nextInt(8)).mapToObj(i -> "dev-" + i).toList();
      principals = Set.copyOf(devices);
      for (int i = 0; i < 60; i++) {
        var device = devices.get(random.nextInt(devices.size()));
        saw(device, action(random), name(random, device));
      }
      var suggestion = suggest();
      var rights = new HashMap<String, SessionPolicy>();
      for (var device : devices) {
        rights.put(device, rights(suggestion, device));
      }
      for (var one : seen) {
        assertThat(
                requireNonNull(rights.get(one.principal()))
                    .decide(one.action(), plain(one))
                    .isAllowed())
            .as("seed %d: %s in %s", seed, one, suggestion.document())
            .isTrue();
      }
      var stranger = rights(suggestion, "stranger");
      for (var one : seen) {
        if (plain(one).contains(one.principal()) && users(plain(one)) == 1) {
          assertThat(stranger.decide(one.action(), plain(one)).isAllowed())
              .as("seed %d: a stranger and %s in %s", seed, one, suggestion.document())
              .isFalse();
        }
      }
    }
  }

  private long users(String name) {
    return seen.stream()
        .filter(one -> plain(one).equals(name))
        .map(Seen::principal)
        .distinct()
        .count();
  }

  private static String plain(Seen one) {
    return one.name().text();
  }

  private static Action action(SplittableRandom random) {
    return new Action[] {Action.PUBLISH, Action.RECEIVE, Action.RETAIN_PUBLISH}[random.nextInt(3)];
  }

  private static String name(SplittableRandom random, String device) {
    var levels = new ArrayList<String>();
    levels.add(random.nextBoolean() ? "site" : "plant");
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      levels.add(
          switch (random.nextInt(3)) {
            case 0 -> device;
            case 1 -> "v" + random.nextInt(12);
            default -> "fixed";
          });
    }
    return String.join("/", levels);
  }
}
