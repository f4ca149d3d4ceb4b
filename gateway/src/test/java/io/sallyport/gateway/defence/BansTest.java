package io.sallyport.gateway.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is banned, for how long, and what is remembered of whom. */
final class BansTest {
  private static final BanSettings SETTINGS =
      new BanSettings(3, Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofMinutes(5), 4);
  private static final InetAddress BAD = InetAddress.ofLiteral("192.0.2.7");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final List<SecurityEvent> events = new ArrayList<>();
  private final Bans bans = new Bans(SETTINGS, events::add, () -> now);

  private void fail(InetAddress address, int times) {
    for (int i = 0; i < times; i++) {
      bans.failed(address, "not TLS");
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    bans.sweep();
  }

  @Test
  void theLastFailureOfSoManyBans() {
    fail(BAD, 2);
    assertThat(bans.isBanned(BAD)).isFalse();

    fail(BAD, 1);

    assertThat(bans.isBanned(BAD)).isTrue();
    assertThat(bans.isBanned(InetAddress.ofLiteral("192.0.2.8"))).isFalse();
    assertThat(events)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.type()).isEqualTo(EventType.SOURCE_BANNED);
              assertThat(event.subject()).isEqualTo("192.0.2.7");
              assertThat(event.facts()).containsEntry("seconds", "60").containsEntry("times", "1");
            });
  }

  @Test
  void failuresThatAreOldDoNotCount() {
    fail(BAD, 2);
    pass(SETTINGS.findTime());
    fail(BAD, 2);

    assertThat(bans.isBanned(BAD)).isFalse();
  }

  @Test
  void eachBanLastsTwiceAsLongAsTheOneBeforeUpToTheLongest() {
    for (var seconds : List.of(60, 120, 240, 300, 300)) {
      fail(BAD, 3);
      assertThat(bans.list())
          .singleElement()
          .satisfies(ban -> assertThat(ban.until()).isEqualTo(now.plusSeconds(seconds)));
      pass(Duration.ofSeconds(seconds - 1));
      assertThat(bans.isBanned(BAD)).isTrue();
      pass(Duration.ofSeconds(1));
      assertThat(bans.isBanned(BAD)).isFalse();
    }
    assertThat(bans.made()).isEqualTo(5);
    assertThat(events).hasSize(10).last().extracting("type").isEqualTo(EventType.SOURCE_UNBANNED);
  }

  @Test
  void whoWasGoodForLongBeginsAnew() {
    fail(BAD, 3);
    pass(Duration.ofMinutes(1));
    pass(SETTINGS.timeMax());
    fail(BAD, 3);

    assertThat(bans.list()).singleElement().extracting(Ban::times).isEqualTo(1);
  }

  /** Whoever has one address of IPv6 has all that differ in the second half. */
  @Test
  void addressesOfOneMachineAreOneSource() {
    for (int i = 1; i <= 3; i++) {
      fail(InetAddress.ofLiteral("2001:db8:1:2::" + i), 1);
    }
    assertThat(bans.isBanned(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"))).isTrue();
    assertThat(bans.isBanned(InetAddress.ofLiteral("2001:db8:1:3::1"))).isFalse();
    assertThat(bans.clear(AddressBlock.parse("2001:db8:1:2::77"))).hasSize(1);
  }

  @Test
  void noMoreIsRememberedThanTheBound() {
    for (int i = 1; i <= 50; i++) {
      fail(InetAddress.ofLiteral("198.51.100." + i), 3);
      now = now.plusSeconds(1);
    }
    assertThat(bans.count()).isEqualTo(4);
    assertThat(bans.isBanned(InetAddress.ofLiteral("198.51.100.50"))).isTrue();

    // Whose failures are counted is bounded as well: others push the oldest out.
    fail(BAD, 2);
    for (int i = 101; i <= 104; i++) {
      fail(InetAddress.ofLiteral("203.0.113." + i), 1);
    }
    fail(BAD, 1);
    assertThat(bans.isBanned(BAD)).isFalse();
  }

  @Test
  void clearingEndsThoseOfABlockAndForgetsTheirFailures() {
    fail(BAD, 3);
    fail(InetAddress.ofLiteral("198.51.100.1"), 3);

    assertThat(bans.clear(AddressBlock.parse("192.0.2.0/24"))).hasSize(1);
    assertThat(bans.isBanned(BAD)).isFalse();
    fail(BAD, 2);
    assertThat(bans.isBanned(BAD)).isFalse();
    assertThat(bans.clear(null)).hasSize(1);
    assertThat(bans.list()).isEmpty();
  }

  @Test
  void noneWhereTheyAreSwitchedOff() {
    var off = new BanSettings(0, Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), 1);
    var never = new Bans(off, events::add, () -> now);
    never.failed(BAD, "x");
    assertThat(never.isBanned(BAD)).isFalse();
  }

  @Test
  void blocksAreReadStrictly() {
    assertThat(AddressBlock.parse("10.1.2.3/8")).hasToString("10.0.0.0/8");
    assertThat(AddressBlock.parse("10.1.2.3/8").contains(InetAddress.ofLiteral("10.9.9.9")))
        .isTrue();
    assertThat(AddressBlock.parse("::/0").contains(BAD)).isFalse();
    assertThat(AddressBlock.parse("0.0.0.0/0").contains(BAD)).isTrue();
    for (var wrong :
        List.of("", "10.1", "host", "10.0.0.0/33", "::1/129", "1.2.3.4/", "1.2.3.4.5")) {
      assertThatThrownBy(() -> AddressBlock.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
