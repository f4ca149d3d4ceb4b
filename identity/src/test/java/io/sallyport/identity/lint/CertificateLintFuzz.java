package io.sallyport.identity.lint;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are findings or none: the lint never ends in an exception. */
class CertificateLintFuzz {
  @FuzzTest
  void everythingIsLookedAt(byte[] der) {
    for (var finding : CertificateLint.of(der)) {
      if (finding.rule().isEmpty() || finding.detail().isEmpty()) {
        throw new AssertionError(finding);
      }
    }
  }
}
