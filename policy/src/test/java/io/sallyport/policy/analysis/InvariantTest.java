package io.sallyport.policy.analysis;

import static io.sallyport.policy.analysis.Given.SELF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.PolicySet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InvariantTest {
  private static final String CONNECT = Given.allow("Connect", "client/" + SELF);
  private static final String OWN =
      "{\"name\": \"own\", \"who\": \"devices\", \"never\": \"write\","
          + " \"topic\": \"devices/{other}/#\"}";
  private static final String ALARMS =
      "{\"name\": \"alarms\", \"never\": \"read\", \"topic\": \"alarms/#\", \"except\": [\"hq\"]}";

  private static List<Invariant.Breach> breaches(String invariant, PolicySet policies)
      throws Invariant.Malformed {
    var one = Invariant.parse("{\"invariants\": [" + invariant + "]}").getFirst();
    return switch (one.verdict(PolicyClass.anybody(PrincipalKind.DEVICE, policies))) {
      case Invariant.Verdict.Broken(var breach) -> List.of(breach);
      case Invariant.Verdict.Holds() -> List.of();
      case Invariant.Verdict.Unproven(var why) -> throw new AssertionError(why);
    };
  }

  @Test
  void theDefaultPolicyKeepsDevicesToTheirOwnTopics() throws Exception {
    assertThat(breaches(OWN, Given.set(DefaultPolicies.device()))).isEmpty();
  }

  @Test
  void theCounterexampleIsAPairOfDevices() throws Exception {
    var open = Given.set(CONNECT, Given.allow("Publish", "topic/devices/" + SELF + "*"));

    assertThat(breaches(OWN, open))
        .singleElement()
        .satisfies(
            breach -> {
              assertThat(breach.principal()).isEqualTo("this-device");
              assertThat(breach.topic())
                  .startsWith("devices/this-device")
                  .isNotEqualTo("devices/this-device");
            });
  }

  @Test
  void aNameThatMakesALiteralFitIsTriedToo() throws Exception {
    var special = Given.set(CONNECT, Given.allow("Publish", "topic/" + SELF + "/x/y"));

    assertThat(breaches(OWN, special))
        .singleElement()
        .satisfies(breach -> assertThat(breach.principal()).isEqualTo("devices"));
  }

  @Test
  void aNameThatNobodyMentionsButAWildcardAsksForIsFound() throws Exception {
    var dex =
        Given.set(Given.allow("Connect", "client/de?"), Given.allow("Publish", "topic/devices/*"));

    assertThat(breaches(OWN, dex))
        .singleElement()
        .satisfies(breach -> assertThat(breach.principal()).startsWith("de").hasSizeBetween(2, 3));
  }

  @Test
  void twoHundredNamesInAPolicyAreNotTooMany() throws Exception {
    var topics =
        IntStream.range(0, 200)
            .mapToObj(i -> "topic/plants/line-%03d/x".formatted(i * 7))
            .toArray(String[]::new);
    var own = Given.allow("Publish", "topic/plants/" + SELF + "/x");
    var filter = OWN.replace("devices/{other}/#", "plants/{other}/#");

    assertThat(breaches(filter, Given.set(CONNECT, own))).isEmpty();
    assertThat(breaches(filter, Given.set(CONNECT, own, Given.allow("Publish", topics))))
        .hasSize(1);
    assertThat(
            breaches(
                filter,
                Given.set(
                    CONNECT,
                    Given.allow("Publish", "topic/plants/*"),
                    Given.statement(
                        "Deny", "Publish", "NotResource", "topic/plants/" + SELF + "/x"),
                    Given.deny("Publish", topics))))
        .isEmpty();
  }

  @Test
  void whatTouchesTheNameIsProvenWithEveryIdInItsPlaceOrNotAtAll() throws Exception {
    var sensors = Given.set(CONNECT, Given.allow("Publish", "topic/sensor-" + SELF + "/x"));

    assertThat(breaches(OWN, sensors)).isEmpty();
    var one = OWN.replace("devices/{other}/#", "sensor-{other}/#");
    assertThatThrownBy(() -> breaches(one, sensors))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sensor-");
  }

  @Test
  void aDenyWithNotResourceIsUnderstood() throws Exception {
    var fenced =
        Given.set(
            CONNECT,
            Given.allow("Publish", "topic/devices/*"),
            Given.statement("Deny", "Publish", "NotResource", "topic/devices/" + SELF + "/*"));

    assertThat(breaches(OWN, fenced)).isEmpty();
  }

  @Test
  void whoeverIsExceptedMay() throws Exception {
    var onlyHq =
        Given.set(
            Given.allow("Connect", "client/hq"),
            Given.allow("Subscribe", "topicfilter/alarms/#"),
            Given.allow("Receive", "topic/alarms/*"));
    var all =
        Given.set(
            CONNECT,
            Given.allow("Subscribe", "topicfilter/#"),
            Given.allow("Receive", "topic/alarms/*"));

    assertThat(breaches(ALARMS, onlyHq)).isEmpty();
    assertThat(breaches(ALARMS, all))
        .singleElement()
        .satisfies(breach -> assertThat(breach.filter()).isEqualTo("#"));
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (var wrong :
        List.of(
            "[]",
            "{\"invariants\": 1}",
            "{\"invariants\": [{\"name\": \"x\", \"never\": \"eat\", \"topic\": \"a\"}]}",
            "{\"invariants\": [{\"name\": \"x\", \"never\": \"read\", \"topic\": \"a/#/b\"}]}",
            "{\"invariants\": [{\"name\": \"x\", \"never\": \"read\", \"topic\": \"a\", \"y\":"
                + " 1}]}",
            "{\"invariants\": [], \"invariants\": []}")) {
      assertThatThrownBy(() -> Invariant.parse(wrong))
          .as(wrong)
          .isInstanceOf(Invariant.Malformed.class);
    }
  }
}
