package io.sallyport.policy.mosquitto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import java.nio.charset.StandardCharsets;

/** Any text is an ACL file whose policies can be put, or a refusal with its line. */
class AclFileFuzz {
  private static final char BETWEEN = '\f';

  /** A form feed divides an ACL file from a mosquitto.conf. */
  @FuzzTest
  void everyTextIsImportedOrRefused(byte[] bytes) {
    var input = new String(bytes, StandardCharsets.UTF_8);
    int end = input.indexOf(BETWEEN);
    var acl = end < 0 ? input : input.substring(0, end);
    var conf = MosquittoConf.parse(end < 0 ? "" : input.substring(end + 1));
    conf.findings();
    try {
      var imported = MosquittoImport.of(AclFile.parse(acl), conf);
      for (var policy : imported.policies()) {
        PolicyDocument.parse(policy.json());
      }
      imported.findings();
      imported.lines();
    } catch (MalformedAcl e) {
      if (e.line() < 1 || String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without its place", e);
      }
    } catch (MalformedPolicy e) {
      throw new AssertionError("an import that we refuse ourselves", e);
    }
  }
}
