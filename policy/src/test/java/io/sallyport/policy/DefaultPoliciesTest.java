package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultPoliciesTest {
  private static final PolicySet DEVICE =
      PolicySet.of(List.of(new PolicyVersion(DefaultPolicies.DEVICE, 1, DefaultPolicies.device())));
  private static final PolicySet BACKEND =
      PolicySet.of(
          List.of(new PolicyVersion(DefaultPolicies.BACKEND, 1, DefaultPolicies.backend())));

  @ParameterizedTest
  @CsvSource({
    "CONNECT,   dev-1",
    "CONNECT,   dev-1:second",
    "PUBLISH,   devices/dev-1/telemetry",
    "PUBLISH,   devices/dev-1/events/door/open",
    "PUBLISH,   $aws/things/dev-1/shadow/get",
    "PUBLISH,   $aws/things/dev-1/shadow/update",
    "PUBLISH,   $aws/things/dev-1/shadow/delete",
    "PUBLISH,   $aws/things/dev-1/shadow/name/config/update",
    "PUBLISH,   $aws/things/dev-1/jobs/get",
    "PUBLISH,   $aws/things/dev-1/jobs/start-next",
    "PUBLISH,   $aws/things/dev-1/jobs/job-7/update",
    "PUBLISH,   $aws/things/dev-1/jobs/job-7/get",
    "SUBSCRIBE, devices/dev-1/commands",
    "SUBSCRIBE, $aws/things/dev-1/shadow/get/+",
    "SUBSCRIBE, $aws/things/dev-1/shadow/name/config/update/delta",
    "SUBSCRIBE, $aws/things/dev-1/jobs/notify-next",
    "SUBSCRIBE, $aws/things/dev-1/#",
    "RECEIVE,   devices/dev-1/commands",
    "RECEIVE,   $aws/things/dev-1/shadow/get/accepted",
    "RECEIVE,   $aws/things/dev-1/jobs/notify",
  })
  void aDeviceMay(Action action, String name) {
    assertThat(Example.allows(DEVICE, Example.device("dev-1"), action, name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT,        dev-2",
    "CONNECT,        dev-10",
    "CONNECT,        dev-1/x",
    "PUBLISH,        devices/dev-2/telemetry",
    "PUBLISH,        devices/dev-10/telemetry",
    "PUBLISH,        devices/dev-1/telemetry/x",
    "PUBLISH,        devices/dev-1/events",
    "PUBLISH,        devices/dev-1/commands",
    "RETAIN_PUBLISH, devices/dev-1/telemetry",
    "PUBLISH,        $aws/things/dev-1/shadow/update/accepted",
    "PUBLISH,        $aws/things/dev-1/shadow/update/delta",
    "PUBLISH,        $aws/things/dev-1/jobs/notify",
    "PUBLISH,        $aws/things/dev-2/shadow/update",
    "PUBLISH,        $aws/events/presence/connected/dev-1",
    "SUBSCRIBE,      #",
    "SUBSCRIBE,      devices/#",
    "SUBSCRIBE,      devices/+/commands",
    "SUBSCRIBE,      devices/dev-1/#",
    "SUBSCRIBE,      devices/dev-2/commands",
    "SUBSCRIBE,      $aws/things/+/shadow/get/+",
    "SUBSCRIBE,      $aws/things/dev-2/shadow/get/+",
    "SUBSCRIBE,      $share/g/devices/dev-1/commands",
    "RECEIVE,        devices/dev-1/telemetry",
    "RECEIVE,        devices/dev-2/commands",
    "RECEIVE,        $aws/things/dev-2/shadow/get/accepted",
    "SHARE_GROUP,    g",
  })
  void aDeviceMayNot(Action action, String name) {
    assertThat(Example.allows(DEVICE, Example.device("dev-1"), action, name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT,        billing,                            true",
    "CONNECT,        billing:2,                          true",
    "CONNECT,        other,                              false",
    "SUBSCRIBE,      devices/#,                          true",
    "SUBSCRIBE,      devices/+/telemetry,                true",
    "SUBSCRIBE,      $aws/things/+/shadow/update,        true",
    "SUBSCRIBE,      #,                                  false",
    "SUBSCRIBE,      +/+/telemetry,                      false",
    "RECEIVE,        devices/dev-1/telemetry,            true",
    "RECEIVE,        $aws/things/dev-1/shadow/update,    true",
    "RECEIVE,        elsewhere,                          false",
    "PUBLISH,        devices/dev-1/commands,             true",
    "PUBLISH,        devices/dev-1/telemetry,            false",
    "PUBLISH,        $aws/things/dev-1/shadow/update,    false",
    "RETAIN_PUBLISH, devices/dev-1/commands,             false",
    "SHARE_GROUP,    workers,                            false",
  })
  void aBackendSeesTheFleetAndCommandsIt(Action action, String name, boolean expected) {
    var backend =
        new Subject(
            "billing:2",
            null,
            null,
            Map.of(),
            Subject.known(Map.of("Subject.CommonName", List.of("billing"))));
    assertThat(Example.allows(BACKEND, backend, action, name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"CONNECT, x", "PUBLISH, devices/x/telemetry", "SUBSCRIBE, devices/x/commands"})
  void aStrangerMayNothing(Action action, String name) {
    assertThat(Example.allows(DEVICE, Example.stranger("x"), action, name)).isFalse();
  }

  @Test
  void aBackendWithoutACertificateOfItsNameCannotEvenConnect() {
    assertThat(Example.allows(BACKEND, Example.stranger("x"), Action.CONNECT, "x")).isFalse();
  }
}
