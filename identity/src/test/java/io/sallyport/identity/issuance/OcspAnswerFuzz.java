package io.sallyport.identity.issuance;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** No bytes that a fuzzer finds are believed about a certificate, and none do harm. */
class OcspAnswerFuzz {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Authorities OURS = Authorities.create(Serials.random(), NOW);
  private static final java.security.cert.X509Certificate LEAF =
      OURS.servers()
          .sign(
              new LeafProfile.Server(List.of("gate.example.org"), List.of()),
              OURS.serverKeys().publicKey(),
              Serials.random().next(),
              NOW,
              Duration.ofDays(30));

  @FuzzTest
  void nothingIsBelieved(byte[] bytes) {
    try {
      var answer = OcspAnswer.read(bytes, LEAF, OURS.servers().certificate(), NOW);
      throw new AssertionError("believed without a signature: " + answer);
    } catch (OcspAnswerRefused e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
