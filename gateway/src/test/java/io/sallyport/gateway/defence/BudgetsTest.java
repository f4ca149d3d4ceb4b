package io.sallyport.gateway.defence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.sallyport.gateway.defence.DeviceRates.Excess;
import io.sallyport.identity.PrincipalId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What sources and devices may take, at the very edge. */
final class BudgetsTest {
  private static final PrincipalId DEVICE = new PrincipalId("d");

  private final MockTicker ticker = Ticker.newMockTicker();

  private Sources sources(DefenceSettings settings) {
    var bans = new Bans(settings.bans(), _ -> {}, InstantSource.system());
    return new Sources(settings, settings.trusted(), bans, ticker);
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static int begun(Sources sources, String from, int tries) {
    int begun = 0;
    for (int i = 0; i < tries; i++) {
      begun += sources.beginsHandshake(address(from)) ? 1 : 0;
    }
    return begun;
  }

  @Test
  void fullHandshakesOfOneSourceAreBoundedAndComeBackWithTime() {
    var sources = sources(DefenceSettings.DEFAULTS.withHandshakesPerSecond(1_000, 5));

    assertThat(begun(sources, "192.0.2.1", 20)).isEqualTo(10);
    assertThat(begun(sources, "192.0.2.200", 1)).as("the same /24").isZero();
    assertThat(begun(sources, "192.0.3.1", 20)).as("another /24").isEqualTo(10);
    assertThat(begun(sources, "2001:db8:0:100::1", 20)).isEqualTo(10);
    assertThat(begun(sources, "2001:db8:0:1ff::1", 1)).as("the same /56").isZero();
    assertThat(begun(sources, "127.0.0.1", 20)).as("trusted").isEqualTo(20);
    ticker.advance(1, TimeUnit.SECONDS);
    assertThat(begun(sources, "192.0.2.1", 20)).isEqualTo(5);
  }

  @Test
  void fullHandshakesOfAllSourcesAreBounded() {
    var sources = sources(DefenceSettings.DEFAULTS.withHandshakesPerSecond(50, 0));
    int begun = 0;
    for (int i = 0; i < 200; i++) {
      begun += begun(sources, "10.0." + i + ".1", 1);
    }
    assertThat(begun).isEqualTo(100);
    assertThat(begun(sources, "127.0.0.1", 1)).as("trusted ones, too").isZero();
  }

  @Test
  void whoClaimsTicketsFalselyIsSoonNotBelieved() {
    var sources = sources(DefenceSettings.DEFAULTS.withHandshakesPerSecond(0, 5));
    var liar = address("192.0.2.1");
    int believed = 0;
    while (sources.believesTicket(liar)) {
      believed++;
      sources.falseTicket(liar);
    }
    assertThat(believed).isEqualTo(10);
    assertThat(sources.beginsHandshake(liar)).isFalse();
    assertThat(sources.believesTicket(address("192.0.3.1"))).isTrue();
  }

  @Test
  void sourcesThatAreToldApartAreBounded() {
    var budget = new HandshakeBudget(0, 1, 0);
    for (int i = 0; i < HandshakeBudget.SOURCES_MAX + 100; i++) {
      budget.take(new AddressBlock((long) i << 40, 0, 24, true), 0);
    }
    assertThat(budget.sources()).isEqualTo(HandshakeBudget.SOURCES_MAX);
  }

  @Test
  void unfinishedHandshakesOfOneSourceAreBounded() {
    var sources = sources(DefenceSettings.DEFAULTS.withHandshakesMaxOfSource(2));

    assertThat(sources.enter(address("192.0.2.1"))).isTrue();
    assertThat(sources.enter(address("192.0.2.2"))).isTrue();
    assertThat(sources.enter(address("192.0.2.3"))).isFalse();
    assertThat(sources.enter(address("192.0.3.3"))).isTrue();
    sources.leave(address("192.0.2.1"));
    assertThat(sources.enter(address("192.0.2.3"))).isTrue();
    assertThat(sources.enter(address("192.0.2.4"))).isFalse();
  }

  @Test
  void otherTermsHoldAtOnceAndNobodyLosesAPlaceByThem() {
    var sources = sources(DefenceSettings.DEFAULTS.withHandshakesMaxOfSource(2));
    var one = address("192.0.2.1");
    assertThat(sources.enter(one)).isTrue();
    assertThat(sources.enter(one)).isTrue();
    var fewer = DefenceSettings.DEFAULTS.withHandshakesMaxOfSource(1);
    // Trusted for a while: whoever came before and leaves in it gives back what it had.
    sources.take(fewer, List.of(AddressBlock.parse("192.0.2.0/24")));
    assertThat(sources.enter(one)).isTrue();
    sources.leave(one);
    sources.leave(one);
    sources.take(fewer, List.of());

    assertThat(sources.enter(one)).as("one is there still").isFalse();
    sources.leave(one);
    assertThat(sources.enter(one)).isTrue();
  }

  @Test
  void aRateThatDoesNotChangeIsNotFullAgainAfterAReload() {
    var settings = DefenceSettings.DEFAULTS.withHandshakesPerSecond(0, 5);
    var sources = sources(settings);
    assertThat(begun(sources, "192.0.2.1", 20)).isEqualTo(10);
    sources.take(settings.withHandshakesMaxOfSource(7), settings.trusted());
    assertThat(begun(sources, "192.0.2.1", 20)).isZero();
    sources.take(DefenceSettings.DEFAULTS.withHandshakesPerSecond(0, 3), settings.trusted());
    assertThat(begun(sources, "192.0.2.1", 20)).isEqualTo(6);
  }

  @Test
  void theTrustedAreNeverBanned() {
    var after =
        new BanSettings(1, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(1), 9);
    var trusted = List.of(AddressBlock.parse("10.0.0.0/8"));
    var sources = sources(DefenceSettings.DEFAULTS.withTrusted(trusted).withBans(after));
    sources.failed(address("10.1.1.1"), "x");
    sources.failed(address("127.0.0.1"), "x");

    assertThat(sources.isBanned(address("10.1.1.1"))).isFalse();
    assertThat(sources.isBanned(address("127.0.0.1"))).isTrue();
  }

  @Test
  void aDevicesConnectionsShareItsRateAndComingAgainGainsNothing() {
    var rates = new DeviceRates(DefenceSettings.DEFAULTS.withPublications(5, 0), ticker);
    var one = requireNonNull(rates.of(DEVICE));
    var other = requireNonNull(rates.of(DEVICE));
    assertThat(one).isSameAs(other);
    for (int i = 0; i < 10; i++) {
      assertThat(one.take(1_000_000)).isEqualTo(Excess.NONE);
    }
    assertThat(other.take(1)).isEqualTo(Excess.MESSAGES);
    rates.release(DEVICE);
    rates.release(DEVICE);
    rates.sweep();
    assertThat(rates.of(DEVICE)).isSameAs(one);
    rates.release(DEVICE);
    ticker.advance(2, TimeUnit.SECONDS);
    rates.sweep();
    assertThat(rates.devices()).isZero();
  }

  @Test
  void aPacketLargerThanTheRateIsTakenOnceAndPaidForAfterwards() {
    var rates = new DeviceRates(DefenceSettings.DEFAULTS.withPublications(0, 1_000), ticker);
    var allowance = requireNonNull(rates.of(DEVICE));
    assertThat(allowance.take(5_000)).isEqualTo(Excess.NONE);
    assertThat(allowance.take(1)).isEqualTo(Excess.BYTES);
    assertThat(allowance.debtNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(3));
    ticker.advance(3, TimeUnit.SECONDS);
    assertThat(allowance.debtNanos()).isZero();
  }
}
