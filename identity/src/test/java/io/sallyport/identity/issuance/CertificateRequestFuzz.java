package io.sallyport.identity.issuance;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;

/** Any bytes are a request that holds a usable key, or a refusal with its reason. */
class CertificateRequestFuzz {
  private static final PrincipalId ID = new PrincipalId("dev-1");

  @FuzzTest
  void everyRequestIsCheckedOrRefused(byte[] bytes) {
    try {
      var request = CertificateRequest.parse(bytes, PrincipalKind.DEVICE, ID);
      if (request.publicKey().getEncoded().length == 0) {
        throw new AssertionError("a key without an encoding");
      }
    } catch (RequestRefused e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
