package io.sallyport.exchange.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttMessageType;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final Patience patience = new Patience();

  private long look(int acknowledgements, int owed) {
    for (int i = 0; i < acknowledgements; i++) {
      patience.read(MqttMessageType.PUBACK);
    }
    return patience.rest(owed);
  }

  @Test
  void whoWaitsForOneAnswerNeverWaitsForALink() {
    for (int i = 0; i < 100; i++) {
      assertThat(look(1, Patience.OWED_MIN - 1)).isZero();
      assertThat(look(1, 0)).isZero();
    }
  }

  @Test
  void aBrokerThatAnswersOneByOneIsAskedLessAndLessOften() {
    assertThat(look(1, 15)).isEqualTo(Patience.OWED_REST_MIN_NANOS);
    assertThat(look(1, 15)).isEqualTo(2 * Patience.OWED_REST_MIN_NANOS);
    long rest = 0;
    for (int i = 0; i < 100; i++) {
      rest = look(1, 15);
    }
    assertThat(rest).isEqualTo(Patience.OWED_REST_MAX_NANOS);
    assertThat(look(8, 8)).as("half of what was owed came").isLessThan(rest);
  }

  @Test
  void aBrokerThatAnswersAtOnceIsAskedAtOnceSoon() {
    while (look(1, 15) < Patience.OWED_REST_MAX_NANOS) {
      // Slow at first.
    }
    long rest = Patience.OWED_REST_MAX_NANOS;
    for (int i = 0; i < 5; i++) {
      rest = look(16, 16);
      assertThat(rest).isLessThan(Patience.OWED_REST_MAX_NANOS);
    }
    assertThat(rest).isZero();
  }

  @Test
  void aDeliveryNeverWaitsAsLongAsAnAcknowledgement() {
    for (int i = 0; i < 100; i++) {
      look(1, 15);
    }
    patience.read(MqttMessageType.PUBLISH);
    assertThat(look(1, 15)).isZero();
  }

  private long deliver(int packets) {
    for (int i = 0; i < packets; i++) {
      patience.read(MqttMessageType.PUBLISH);
    }
    return patience.rest(0);
  }

  @Test
  void whoHearsLittleWaitsOnceInManyTimes() {
    int rests = 0;
    for (int i = 0; i < 1_000; i++) {
      rests += deliver(1) > 0 ? 1 : 0;
    }
    assertThat(rests).isEqualTo(1_000 / (Patience.TRIED_AGAIN_AFTER + 1));
  }

  @Test
  void whoHearsMuchHearsItTogether() {
    for (int i = 0; i < Patience.TRIED_AGAIN_AFTER; i++) {
      assertThat(deliver(1)).isZero();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(deliver(i == 0 ? 1 : Patience.DELIVERIES_WORTH))
          .isEqualTo(Patience.DELIVERY_REST_NANOS);
    }
  }

  @Test
  void nothingReadIsNoReasonToRest() {
    look(1, 15);
    assertThat(patience.rest(15)).isZero();
  }
}
