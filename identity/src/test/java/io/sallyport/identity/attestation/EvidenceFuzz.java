package io.sallyport.identity.attestation;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.MalformedCbor;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Any bytes as evidence are refused, in one way: nobody has signed them. */
class EvidenceFuzz {
  private static final PrincipalId DEVICE = new PrincipalId("fuzzed");
  private static final KeyPair KEY = key();
  private static final Expectation EXPECTED =
      new Expectation(
          DEVICE, new PublicKeyHash("00".repeat(32)), Nonce.ofBytes(new byte[32]), Instant.EPOCH);

  @FuzzTest
  void bytesProveNothing(byte[] bytes) {
    refused(new Evidence.Token(EvidenceFormat.PSA, bytes));
    refused(new Evidence.Token(EvidenceFormat.EAT, bytes));
    int half = bytes.length / 2;
    refused(
        new Evidence.Quote(
            Arrays.copyOf(bytes, half),
            Arrays.copyOfRange(bytes, half, bytes.length),
            new TreeMap<>()));
    // What stands behind the signature, as a device whose key was stolen could send it.
    try {
      var claims = CborReader.of(bytes, TokenEvidence.LENGTH_MAX, "the token");
      if (claims.isMap()) {
        PsaClaims.of(claims, EXPECTED);
        EatClaims.of(claims, EXPECTED);
      }
    } catch (MalformedCbor | EvidenceRefused e) {
      // As it should.
    }
  }

  private static void refused(Evidence evidence) {
    var verifier =
        new Verifier(
            List.of(new AttestationKey(evidence.format(), KEY.getPublic(), DEVICE)), Set.of());
    try {
      verifier.affirm(evidence, EXPECTED);
    } catch (EvidenceRefused e) {
      return;
    }
    throw new AssertionError("believed");
  }

  private static KeyPair key() {
    try {
      return Tokens.p256();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
