package io.sallyport.identity.issuance;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a question about some certificates, within its bounds, or are refused. */
class OcspRequestFuzz {
  @FuzzTest
  void everyQuestionIsReadOrRefused(byte[] bytes) {
    try {
      var request = OcspRequest.parse(bytes);
      if (request.size() < 1 || request.size() > OcspRequest.CERTIFICATES_MAX) {
        throw new AssertionError("a question about " + request.size() + " certificates");
      }
      request
          .repeatable()
          .ifPresent(
              key -> {
                if (key.isEmpty()) {
                  throw new AssertionError("an answer that is kept under no name");
                }
              });
    } catch (MalformedOcspRequest e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
