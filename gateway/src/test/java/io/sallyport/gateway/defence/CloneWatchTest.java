package io.sallyport.gateway.defence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When one identity is taken for two devices, by a clock that the test sets. */
class CloneWatchTest {
  private static final PrincipalId DEVICE = new PrincipalId("d-1");
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "198.51.100.1";

  private long now;
  private final CloneWatch watch =
      new CloneWatch(new CloneSettings(3, Duration.ofMinutes(10), 4), () -> now);

  @Test
  void twoThatPushEachOtherOutAreNoticedAtTheThirdReturn() {
    assertThat(arrive(HERE)).isEmpty();
    assertThat(arrive(THERE)).isEmpty();
    assertThat(arrive(HERE)).as("the first return").isEmpty();
    assertThat(arrive(THERE)).as("the second").isEmpty();
    assertThat(arrive(HERE)).as("the third").hasValue(THERE);
    assertThat(arrive(THERE)).as("told once").isEmpty();
  }

  @Test
  void aDeviceThatMovesIsNot() {
    for (int place = 1; place <= 50; place++) {
      assertThat(arrive("192.0.2." + place)).isEmpty();
    }
  }

  @Test
  void aDeviceThatComesAgainFromWhereItWasIsNot() {
    for (int times = 0; times < 50; times++) {
      assertThat(arrive(HERE)).isEmpty();
    }
  }

  @Test
  void returnsCountNoLongerThanTheWindow() {
    arrive(HERE);
    for (int times = 0; times < 20; times++) {
      now += Duration.ofMinutes(6).toNanos();
      assertThat(arrive(times % 2 == 0 ? THERE : HERE)).isEmpty();
    }
  }

  @Test
  void addressesOfOneMachineAreOnePlace() {
    for (int times = 0; times < 20; times++) {
      assertThat(arrive(times % 2 == 0 ? "2001:db8::1" : "2001:db8::2")).isEmpty();
    }
  }

  @Test
  void identitiesAreApart() {
    for (int times = 0; times < 20; times++) {
      var who = new PrincipalId(times % 2 == 0 ? "d-1" : "d-2");
      assertThat(watch.arrived(who, address(times % 2 == 0 ? HERE : THERE))).isEmpty();
    }
  }

  @Test
  void noMoreAreRememberedThanTheBound() {
    arrive(HERE);
    arrive(THERE);
    arrive(HERE);
    arrive(THERE);
    for (int other = 0; other < 10; other++) {
      assertThat(watch.arrived(new PrincipalId("o-" + other), address(HERE))).isEmpty();
    }
    assertThat(arrive(HERE)).as("it was forgotten").isEmpty();
  }

  @Test
  void itCanBeSwitchedOff() {
    var off = new CloneWatch(new CloneSettings(0, Duration.ofMinutes(10), 4), () -> now);
    for (int times = 0; times < 20; times++) {
      assertThat(off.arrived(DEVICE, address(times % 2 == 0 ? HERE : THERE))).isEmpty();
    }
  }

  private Optional<String> arrive(String from) {
    return watch.arrived(DEVICE, address(from));
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
