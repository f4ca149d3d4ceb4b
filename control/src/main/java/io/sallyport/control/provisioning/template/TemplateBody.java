package io.sallyport.control.provisioning.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provisioning template (AWS IoT Core developer guide, "Provisioning templates", fleet
 * provisioning), as far as it is supported: whatever it says that would not be done is refused when
 * it is read.
 */
public final class TemplateBody {
  /** Bound: bytes of a template, as of one of AWS IoT. */
  public static final int BYTES_MAX = 10_240;

  /** Bound: parameters that a template declares, and that a device may bring. */
  public static final int PARAMETERS_MAX = 50;

  /** Bound: characters of a parameter's name. */
  public static final int NAME_MAX = 128;

  /** Bound: characters of a parameter's value. */
  public static final int VALUE_MAX = 800;

  /** The parameter that is the certificate's id. */
  public static final String CERTIFICATE_ID = "AWS::IoT::Certificate::Id";

  /** The parameter that is the common name of the certificate. */
  public static final String COMMON_NAME = "AWS::IoT::Certificate::CommonName";

  private final String json;
  private final Sections sections;

  /** Everything that a template says. */
  record Sections(
      Map<String, Parameter> parameters,
      Map<String, Map<String, Map<String, String>>> mappings,
      Expression thingName,
      Map<String, Expression> attributes,
      @Nullable Expression thingType,
      List<Expression> groups,
      List<Expression> policies,
      Map<String, Expression> configuration) {}

  private TemplateBody(String json, Sections sections) {
    this.json = json;
    this.sections = sections;
  }

  /** Reads a template. */
  public static TemplateBody parse(String json) throws MalformedTemplate {
    if (json.length() > BYTES_MAX || json.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw new MalformedTemplate("", "has more than " + BYTES_MAX + " bytes");
    }
    return new TemplateBody(json, TemplateReader.read(json));
  }

  /** As it was written. */
  public String json() {
    return json;
  }

  /** The policies that it attaches, where it names them itself and no parameter does. */
  public List<String> namedPolicies() {
    return literals(sections.policies());
  }

  /** The groups that its things join, where it names them itself and no parameter does. */
  public List<String> namedGroups() {
    return literals(sections.groups());
  }

  private static List<String> literals(List<Expression> expressions) {
    return expressions.stream()
        .filter(Expression.Literal.class::isInstance)
        .map(literal -> ((Expression.Literal) literal).value())
        .toList();
  }

  /**
   * What it makes of a certificate and what a device says.
   *
   * @param certificateId of the certificate that is to become usable
   * @param commonName that it was made for
   * @param given what the device and, above it, the hook say; what is not declared is passed over
   */
  public ThingToBe evaluate(String certificateId, String commonName, Map<String, String> given)
      throws ParametersRefused {
    var texts = new HashMap<String, String>();
    for (var parameter : sections.parameters().values()) {
      var value = given.getOrDefault(parameter.name(), parameter.fallback());
      if (isOfCertificate(parameter.name())) {
        continue;
      }
      if (value == null) {
        throw new ParametersRefused("parameter '" + parameter.name() + "' is missing");
      }
      var objection = parameter.objection(value);
      if (objection.isPresent()) {
        throw new ParametersRefused("parameter '" + parameter.name() + "' " + objection.get());
      }
      texts.put(parameter.name(), value);
    }
    texts.put(CERTIFICATE_ID, certificateId);
    texts.put(COMMON_NAME, commonName);
    return thing(new Values(texts, sections.mappings()));
  }

  static boolean isOfCertificate(String parameter) {
    return parameter.equals(CERTIFICATE_ID) || parameter.equals(COMMON_NAME);
  }

  private ThingToBe thing(Values values) throws ParametersRefused {
    var type = sections.thingType();
    return new ThingToBe(
        sections.thingName().text(values),
        map(sections.attributes(), values),
        type == null ? "" : type.text(values),
        list(sections.groups(), values),
        list(sections.policies(), values),
        map(sections.configuration(), values));
  }

  private static List<String> list(List<Expression> expressions, Values values)
      throws ParametersRefused {
    var texts = new ArrayList<String>();
    for (var expression : expressions) {
      var text = expression.text(values);
      if (!texts.contains(text)) {
        texts.add(text);
      }
    }
    return texts;
  }

  private static Map<String, String> map(Map<String, Expression> expressions, Values values)
      throws ParametersRefused {
    var texts = new LinkedHashMap<String, String>();
    for (var entry : expressions.entrySet()) {
      texts.put(entry.getKey(), entry.getValue().text(values));
    }
    return texts;
  }
}
