package io.sallyport.app.configuration;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text is a configuration that knows all its keys, or a refusal that says where and why. */
class ConfigurationFuzz {
  @FuzzTest
  void everyTextIsReadOrRefused(byte[] bytes) {
    try {
      var configuration =
          Configuration.parse("fuzz.yaml", new String(bytes, StandardCharsets.UTF_8));
      for (var key : Keys.ALL) {
        configuration.get(key);
      }
      configuration.differing(Configuration.defaults());
    } catch (MalformedConfiguration e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
