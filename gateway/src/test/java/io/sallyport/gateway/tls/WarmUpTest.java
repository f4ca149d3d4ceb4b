package io.sallyport.gateway.tls;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final TestIdentity server = TestCa.create(Instant.now()).server();

  @Test
  void handshakesWithItself() {
    assertThatNoException()
        .isThrownBy(
            () ->
                WarmUp.run(
                    new ServerCredentials(server.privateKey(), server.chain()),
                    Duration.ofMillis(100)));
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsFoundBeforeAnyDeviceDoes() {
    var other = TestCa.create(Instant.now()).server();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                WarmUp.run(
                    new ServerCredentials(other.privateKey(), server.chain()), Duration.ZERO));
  }
}
