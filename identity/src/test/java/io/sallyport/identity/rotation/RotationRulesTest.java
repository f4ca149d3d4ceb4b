package io.sallyport.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a credential is due, and what follows when. */
class RotationRulesTest {
  private static final Instant BORN = Instant.parse("2026-01-01T00:00:00Z");
  private static final RotationRules USUAL = RotationRules.USUAL;
  private static final Jitter JITTER = new Jitter(5);

  private static CertificateLife life(Duration length) {
    return CertificateLife.of(BORN, BORN.plus(length));
  }

  private static RotationRules rules(
      @Nullable Duration keyAgeMax, @Nullable Long messagesMax, @Nullable Long bytesMax) {
    return new RotationRules(
        USUAL.beforeExpiry(),
        USUAL.lifeShare(),
        keyAgeMax,
        messagesMax,
        bytesMax,
        USUAL.spread(),
        USUAL.answer(),
        USUAL.proofMax(),
        USUAL.grace(),
        USUAL.again());
  }

  @Test
  void isDueThirtyDaysBeforeTheEndOrAtTwoThirdsOfAShortLife() {
    assertThat(USUAL.due(life(Duration.ofDays(90)))).isEqualTo(BORN.plus(Duration.ofDays(60)));
    assertThat(USUAL.due(life(Duration.ofDays(3)))).isEqualTo(BORN.plus(Duration.ofDays(2)));
    assertThat(USUAL.due(life(Duration.ofDays(365)))).isEqualTo(BORN.plus(Duration.ofDays(335)));
  }

  @Test
  void isDueAtTheVeryInstant() {
    var life = life(Duration.ofDays(90));
    var due = USUAL.due(life);

    assertThat(USUAL.cause(life, due.minusMillis(1))).isEmpty();
    assertThat(USUAL.cause(life, due)).contains(RotationCause.EXPIRY);
  }

  @Test
  void isDueForTheAgeOfAKeyItsMessagesAndItsBytes() {
    var used =
        new CertificateLife(
            BORN, BORN.plus(Duration.ofDays(90)), BORN.minus(Duration.ofDays(100)), 10, 1000);
    var now = BORN.plusSeconds(1);

    assertThat(rules(Duration.ofDays(100), null, null).cause(used, now))
        .contains(RotationCause.KEY_AGE);
    assertThat(rules(Duration.ofDays(100), null, null).due(used)).isEqualTo(BORN);
    assertThat(rules(Duration.ofDays(900), null, null).due(used))
        .isEqualTo(BORN.plus(Duration.ofDays(60)));
    assertThat(rules(null, 10L, null).cause(used, now)).contains(RotationCause.MESSAGES);
    assertThat(rules(null, 11L, 1000L).cause(used, now)).contains(RotationCause.BYTES);
    assertThat(rules(Duration.ofDays(101), 11L, 1001L).cause(used, now)).isEmpty();
  }

  @Test
  void asksEachDeviceAtAMomentOfItsOwnWhichIsAlwaysTheSame() {
    var life = life(Duration.ofDays(90));
    var due = USUAL.due(life);
    var first = USUAL.askAt(life, "device-1", JITTER);

    assertThat(first).isEqualTo(USUAL.askAt(life, "device-1", new Jitter(5)));
    assertThat(first).isNotEqualTo(USUAL.askAt(life, "device-2", JITTER));
    assertThat(first).isNotEqualTo(USUAL.askAt(life, "device-1", new Jitter(6)));
    for (int i = 0; i < 1000; i++) {
      assertThat(USUAL.askAt(life, "device-" + i, JITTER))
          .isBetween(due, due.plus(Duration.ofDays(3)));
      assertThat(USUAL.askAt(life(Duration.ofDays(3)), "device-" + i, JITTER))
          .isBetween(BORN.plus(Duration.ofHours(48)), BORN.plus(Duration.ofHours(54)));
    }
  }

  @Test
  void spreadsDevicesOverTheWholeWidth() {
    var hours = new int[24];
    for (int i = 0; i < 2400; i++) {
      hours[(int) JITTER.within(Duration.ofDays(1), "device-" + i, 3).toHours()]++;
    }

    assertThat(Arrays.stream(hours).boxed()).allMatch(share -> share > 50 && share < 150);
  }

  @Test
  void givesAWeekToAnswerOrHalfOfWhatIsLeft() {
    var life = life(Duration.ofDays(90));
    var end = life.notAfter();

    assertThat(USUAL.rotateBy(life, end.minus(Duration.ofDays(30))))
        .isEqualTo(end.minus(Duration.ofDays(23)));
    assertThat(USUAL.rotateBy(life, end.minus(Duration.ofDays(6))))
        .isEqualTo(end.minus(Duration.ofDays(3)));
    // Nobody could ask it once more: it has all the time that there is.
    assertThat(USUAL.rotateBy(life, end.minus(Duration.ofDays(4)))).isEqualTo(end);
    assertThat(USUAL.rotateBy(life, end.minus(Duration.ofMinutes(1)))).isEqualTo(end);
    assertThat(USUAL.rotateBy(life, end.plusSeconds(9))).isEqualTo(end.plusSeconds(9));
  }

  @Test
  void asksAgainLaterAndLaterAndNeverLaterThanTheBound() {
    for (int asked = 1; asked < 100; asked++) {
      var wait = USUAL.askAgainAfter(asked, "device-1", JITTER);

      assertThat(wait).isBetween(Duration.ofMinutes(30), Duration.ofDays(1));
    }
    assertThat(new Backoff(Duration.ofHours(1), Duration.ofDays(1)).after(3, 0))
        .isEqualTo(Duration.ofHours(4));
    assertThat(new Backoff(Duration.ofHours(1), Duration.ofDays(1)).after(1000, 0))
        .isEqualTo(Duration.ofDays(1));
  }

  @Test
  void saysWhatFollowsEachStep() {
    assertThat(new RotationCase.Asked(BORN, 1).next(USUAL, "device-1", JITTER))
        .isEqualTo(
            new RotationCase.AskAgain(BORN.plus(USUAL.askAgainAfter(1, "device-1", JITTER))));
    assertThat(new RotationCase.Issued(BORN).next(USUAL, "device-1", JITTER))
        .isEqualTo(new RotationCase.Withdraw(BORN.plus(Duration.ofDays(7))));
    assertThat(new RotationCase.Proven(BORN).next(USUAL, "device-1", JITTER))
        .isEqualTo(new RotationCase.Retire(BORN.plus(Duration.ofDays(1))));
    assertThat(USUAL.twoValidMax()).isEqualTo(Duration.ofDays(8));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> CertificateLife.of(BORN, BORN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(Duration.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(null, 0L, null)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rules(null, null, -1L)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofDays(2), Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
