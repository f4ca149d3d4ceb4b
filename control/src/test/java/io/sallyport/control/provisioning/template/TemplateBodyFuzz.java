package io.sallyport.control.provisioning.template;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Any bytes are a template that makes things or refuses to, or are refused with a reason. */
class TemplateBodyFuzz {
  private static final Map<String, String> GIVEN =
      Map.of("S", "x1-y", "SerialNumber", "A1", "Site", "hall-1");

  @FuzzTest
  void everyTemplateIsReadOrRefused(byte[] bytes) {
    var json = new String(bytes, StandardCharsets.UTF_8);
    try {
      var template = TemplateBody.parse(json);
      if (!template.json().equals(json)
          || template.namedPolicies().contains("")
          || !TemplateBody.parse(json).namedGroups().equals(template.namedGroups())) {
        throw new AssertionError("not the template that was read");
      }
      made(template);
    } catch (MalformedTemplate e) {
      said(e);
    }
  }

  private static void made(TemplateBody template) {
    try {
      var thing = template.evaluate("c1", "lamp-A1", GIVEN);
      if (!thing.equals(template.evaluate("c1", "lamp-A1", GIVEN))) {
        throw new AssertionError("not the same twice: " + thing);
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(thing.toString())) {
        throw new AssertionError("what no answer can say: " + thing);
      }
    } catch (ParametersRefused e) {
      said(e);
    }
  }

  private static void said(Exception refusal) {
    if (String.valueOf(refusal.getMessage()).isBlank()) {
      throw new AssertionError("a refusal without a reason", refusal);
    }
  }
}
