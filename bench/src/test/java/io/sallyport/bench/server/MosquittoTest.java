package io.sallyport.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MosquittoTest {
  @Test
  void asksForCertificatesAndTakesTheNameFromThem() {
    assertThat(Mosquitto.configuration(Path.of("/d"), 1234, Path.of("/ca")))
        .contains("listener 1234 127.0.0.1", "cafile /ca")
        .contains("require_certificate true", "use_identity_as_username true")
        .contains("allow_anonymous false", "set_tcp_nodelay true");
  }

  @Test
  void letsBackendsReadTelemetryAndDevicesWriteOnlyTheirOwn() {
    assertThat(Mosquitto.acl(List.of("b-1"), 1))
        .containsSubsequence("user b-1", "topic read devices/#")
        .contains("pattern write devices/%u/telemetry", "pattern write sites/site-0000/line-0/%u/#")
        .noneMatch(line -> line.contains("%c"));
  }
}
