package io.sallyport.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutgoingTest {
  private final Outgoing outgoing = new Outgoing();

  @Test
  void mentionsLeaveAnswersTheirRoom() {
    int most = ServiceTerms.WAITING_MAX / 2;
    for (int i = 0; i < most; i++) {
      assertThat(outgoing.admit("presence", new byte[0], most)).isNotNull();
    }

    assertThat(outgoing.admit("presence", new byte[0], most)).isNull();
    for (int i = most; i < ServiceTerms.WAITING_MAX; i++) {
      assertThat(outgoing.admit("answer", new byte[0], ServiceTerms.WAITING_MAX)).isNotNull();
    }
    assertThat(outgoing.admit("answer", new byte[0], ServiceTerms.WAITING_MAX)).isNull();
    assertThat(outgoing.waiting()).isEqualTo(ServiceTerms.WAITING_MAX);
    assertThat(outgoing.failed()).isEqualTo(2);
  }
}
