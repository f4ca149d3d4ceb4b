package io.sallyport.policy.analysis;

import static io.sallyport.policy.analysis.Given.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.analysis.Reach.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final String CONNECT = Given.allow("Connect", "client/" + SELF);

  private static PolicyClass devices(PolicySet policies) {
    return new PolicyClass(PrincipalKind.DEVICE, policies, null, Map.of(), 1_000_000);
  }

  private static PolicyClass devices(String... statements) {
    var all = new ArrayList<>(List.of(statements));
    all.add(CONNECT);
    return devices(Given.set(all.toArray(String[]::new)));
  }

  private static Answer read(PolicyClass principals, String topic) {
    return Reach.of(principals, "d1", Access.READ, topic);
  }

  @Test
  void aDeniedFilterIsWalkedAroundByAWildcard() {
    var broken =
        devices(
            Given.allow("Subscribe", "topicfilter/a/*"),
            Given.deny("Subscribe", "topicfilter/a/restricted/*"),
            Given.allow("Receive", "topic/a/*"));

    assertThat(read(broken, "a/restricted/1"))
        .isInstanceOfSatisfying(
            Answer.Possible.class,
            possible -> {
              assertThat(possible.filter()).isEqualTo("a/#");
              assertThat(possible.by()).hasSize(3);
            });
  }

  @Test
  void aDenyOnReceiveCannotBeWalkedAround() {
    var fixed =
        devices(
            Given.allow("Subscribe", "topicfilter/a/*"),
            Given.allow("Receive", "topic/a/*"),
            Given.deny("Receive", "topic/a/restricted/*"));

    assertThat(read(fixed, "a/restricted/1"))
        .isInstanceOfSatisfying(
            Answer.Impossible.class,
            impossible ->
                assertThat(impossible.why())
                    .startsWith("it may not receive from there: denied by p0 v1 statement 2"));
    assertThat(read(fixed, "a/x")).isInstanceOf(Answer.Possible.class);
  }

  @Test
  void whoMayNotConnectReachesNothing() {
    var mute = devices(Given.set(Given.allow("Publish", "*")));

    assertThat(Reach.of(mute, "d1", Access.WRITE, "t"))
        .isEqualTo(new Answer.Impossible("it may not connect: no statement allows it"));
  }

  @Test
  void nobodyWritesTheServersTopics() {
    assertThat(Reach.of(devices(Given.allow("*", "*")), "d1", Access.WRITE, "$SYS/x"))
        .isInstanceOf(Answer.Impossible.class);
  }

  @Test
  void underTheDefaultPolicyOnlyTheDeviceItselfReachesItsTopics() {
    var fleet = devices(Given.set(DefaultPolicies.device()));

    var write = FleetReach.of(fleet, Access.WRITE, "devices/d-7/telemetry");
    assertThat(write.others()).isInstanceOf(Answer.Impossible.class);
    assertThat(write.named()).containsOnlyKeys("d-7");
    var read = FleetReach.of(fleet, Access.READ, "devices/d-7/commands");
    assertThat(read.named()).containsOnlyKeys("d-7");
    assertThat(read.restricted()).isFalse();
  }

  @Test
  void aNameThatBeginsAnotherReachesItWhereTheSlashIsMissing() {
    var fleet = devices(Given.allow("Publish", "topic/devices/" + SELF + "*"));

    assertThat(FleetReach.of(fleet, Access.WRITE, "devices/d12/x").named())
        .containsOnlyKeys("d", "d1", "d12");
  }

  @Test
  void anExceptionIsNamedToo() {
    var fleet =
        devices(
            Given.allow("Publish", "topic/shared/*"),
            Given.deny("Publish", "topic/shared/" + SELF));

    var result = FleetReach.of(fleet, Access.WRITE, "shared/d1");
    assertThat(result.others()).isInstanceOf(Answer.Possible.class);
    assertThat(result.named()).containsOnlyKeys("d1");
  }

  @Test
  void aClassInWhichOnlySomeMayConnectIsSaidToBeSo() {
    var fleet =
        devices(
            Given.set(Given.allow("Connect", "client/pump-*"), Given.allow("Publish", "topic/t")));

    var result = FleetReach.of(fleet, Access.WRITE, "t");
    assertThat(result.others()).isInstanceOf(Answer.Possible.class);
    assertThat(result.restricted()).isTrue();
  }

  @Test
  void aMillionDevicesAreAnsweredClassByClass() {
    var start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      var fleet =
          devices(
              Given.set(
                  DefaultPolicies.device(),
                  Given.document(Given.allow("Publish", "topic/plant-" + i + "/" + SELF + "/*"))));
      var topic = "plant-3/d-1/x";
      assertThat(FleetReach.of(fleet, Access.WRITE, topic).named()).hasSize(i == 3 ? 1 : 0);
    }
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }

  /** Every name of a small world, one by one, by the engine, against the classes. */
  @Test
  void theClassesAnswerAsTheEngineWouldForEachName() throws Exception {
    var random = new SplittableRandom(20_261_125);
    var names = List.of("a", "b", "ab", "ba", "aa", "aab", "c");
    int reached = 0;
    for (int i = 0; i < 100; i++) {
      var fleet = devices(Given.set(document(random)));
      for (var topic : List.of("a", "a/b", "ab/a", "b/aab", "aa/ba/c")) {
        for (var access : Access.values()) {
          var result = FleetReach.of(fleet, access, topic);
          for (var name : names) {
            var answer = result.named().getOrDefault(name, result.others());
            boolean expected = engine(fleet, name, access, topic);
            assertThat(answer instanceof Answer.Possible)
                .as(
                    "%s %s %s %s",
                    fleet.policies().policies().getFirst().document(), name, access, topic)
                .isEqualTo(expected);
            reached += expected ? 1 : 0;
          }
        }
      }
    }
    assertThat(reached).isGreaterThan(500);
  }

  private static boolean engine(PolicyClass fleet, String name, Access access, String topic) {
    var session = SessionPolicy.compile(fleet.policies(), Given.device(name));
    if (access == Access.WRITE) {
      return session.decide(Action.PUBLISH, topic).isAllowed();
    }
    return session.decide(Action.RECEIVE, topic).isAllowed()
        && filters(topic).stream()
            .anyMatch(filter -> session.decide(Action.SUBSCRIBE, filter).isAllowed());
  }

  /** All filters that match the topic, written out. */
  private static List<String> filters(String topic) {
    var filters = new ArrayList<>(List.of("#"));
    var open = List.of("");
    for (var level : topic.split("/", -1)) {
      var next = new ArrayList<String>();
      for (var before : open) {
        for (var one : List.of(level, "+")) {
          next.add(before + one + "/");
          filters.add(before + one + "/#");
        }
      }
      open = next;
    }
    open.forEach(filter -> filters.add(filter.substring(0, filter.length() - 1)));
    return filters;
  }

  private static PolicyDocument document(SplittableRandom random) throws MalformedPolicy {
    var parts = List.of("a", "b", "/", "/", "*", "+", "#", SELF, SELF, "${iot:ClientId}");
    var statements = new ArrayList<>(List.of(CONNECT));
    for (int i = 0; i < 4; i++) {
      var pattern = new StringBuilder();
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        pattern.append(parts.get(random.nextInt(parts.size())));
      }
      var type = List.of("topic/", "topic/", "topicfilter/").get(random.nextInt(3));
      statements.add(
          Given.statement(
              random.nextInt(5) == 0 ? "Deny" : "Allow",
              type.equals("topic/") ? (random.nextBoolean() ? "Publish" : "Receive") : "Subscribe",
              random.nextInt(8) == 0 ? "NotResource" : "Resource",
              type + pattern));
    }
    statements.add(Given.allow("Subscribe", "topicfilter/*/" + SELF));
    return PolicyDocument.parse(Given.text(statements.toArray(String[]::new)));
  }
}
