package io.sallyport.control.provisioning.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the sections of a template, and refuses by path and reason what is not supported. */
final class TemplateReader {
  private static final String THING = "AWS::IoT::Thing";
  private static final String CERTIFICATE = "AWS::IoT::Certificate";
  private static final String POLICY = "AWS::IoT::Policy";

  /** Bound: groups that a thing joins, as of a thing of AWS IoT. */
  private static final int GROUPS_MAX = 10;

  /** Bound: policies that are attached, as of a certificate of AWS IoT. */
  private static final int POLICIES_MAX = 10;

  /** Bound: repetitions that a pattern demands, multiplied; those of nothing take no steps. */
  private static final long REPETITIONS_MAX = 1_000_000;

  private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Map<String, Map<String, String>>> mappings = new LinkedHashMap<>();
  private final List<Node> things = new ArrayList<>();
  private final List<Expression> policies = new ArrayList<>();
  private @Nullable Node certificate;

  private TemplateReader() {}

  static TemplateBody.Sections read(String json) throws MalformedTemplate {
    return new TemplateReader().sections(Node.read(json));
  }

  private TemplateBody.Sections sections(Node root) throws MalformedTemplate {
    root.members(
        Set.of(
            "Version", "Description", "Parameters", "Mappings", "Resources", "DeviceConfiguration"),
        "is no section that is supported");
    var declared = root.member("Parameters");
    if (declared.isPresent()) {
      parameters(declared.get());
    }
    var tables = root.member("Mappings");
    if (tables.isPresent()) {
      mappings(tables.get());
    }
    var names = new HashSet<>(parameters.keySet());
    names.add(TemplateBody.CERTIFICATE_ID);
    names.add(TemplateBody.COMMON_NAME);
    var expressions = new ExpressionReader(names, mappings.keySet());
    var resources = root.need("Resources");
    resources(resources, expressions);
    if (things.size() != 1) {
      throw resources.refuse("needs exactly one " + THING);
    }
    if (certificate == null) {
      throw resources.refuse("needs a " + CERTIFICATE);
    }
    if (policies.isEmpty()) {
      throw resources.refuse("needs a " + POLICY + ": a thing without one may do nothing");
    }
    var thing = things.getFirst();
    var type = thing.member("ThingTypeName");
    var configuration = root.member("DeviceConfiguration");
    return new TemplateBody.Sections(
        Map.copyOf(parameters),
        Map.copyOf(mappings),
        expressions.text(thing.need("ThingName")),
        texts(thing, "AttributePayload", expressions),
        type.isEmpty() ? null : expressions.text(type.get()),
        groups(thing, expressions),
        List.copyOf(policies),
        configuration.isEmpty() ? Map.of() : texts(configuration.get(), expressions));
  }

  private void parameters(Node section) throws MalformedTemplate {
    for (var entry : section.members().entrySet()) {
      var name = entry.getKey();
      var node = entry.getValue();
      if (parameters.size() == TemplateBody.PARAMETERS_MAX) {
        throw section.refuse("declares more than " + TemplateBody.PARAMETERS_MAX);
      }
      if (!NAME.matcher(name).matches()) {
        throw node.refuse("a parameter's name is 1 to 128 characters of A-Z a-z 0-9 _ . : -");
      }
      if (name.startsWith("AWS::") && !TemplateBody.isOfCertificate(name)) {
        throw node.refuse(
            "of the certificate there is "
                + TemplateBody.CERTIFICATE_ID
                + " and "
                + TemplateBody.COMMON_NAME);
      }
      parameters.put(name, parameter(name, node));
    }
  }

  private static Parameter parameter(String name, Node node) throws MalformedTemplate {
    var members =
        node.members(
            Set.of("Type", "Default", "AllowedPattern", "Description"),
            "a parameter has Type, Default, AllowedPattern and Description");
    var type = node.need("Type");
    if (!type.text().equals("String")) {
      throw type.refuse("the only type is String");
    }
    var fallback = members.get("Default");
    var parameter =
        new Parameter(
            name,
            fallback == null ? null : fallback.text(),
            pattern(members.get("AllowedPattern")));
    if (fallback != null) {
      var objection = parameter.objection(fallback.text());
      if (objection.isPresent()) {
        throw fallback.refuse(objection.get());
      }
    }
    return parameter;
  }

  private static @Nullable Pattern pattern(@Nullable Node node) throws MalformedTemplate {
    if (node == null) {
      return null;
    }
    requireFewRepetitions(node);
    try {
      return Pattern.compile(node.text());
    } catch (PatternSyntaxException e) {
      throw node.refuse("is no regular expression");
    }
  }

  /** Such as {@code ((){50000}){50000}}, which looks at no character and does not end. */
  private static void requireFewRepetitions(Node pattern) throws MalformedTemplate {
    var counts = REPETITION.matcher(pattern.text());
    long all = 1;
    while (counts.find()) {
      var digits = counts.group(1);
      all *= digits.length() > 7 ? REPETITIONS_MAX + 1 : Math.max(1, Long.parseLong(digits));
      if (all > REPETITIONS_MAX) {
        throw pattern.refuse("demands more than " + REPETITIONS_MAX + " repetitions");
      }
    }
  }

  private void mappings(Node section) throws MalformedTemplate {
    for (var map : section.members().entrySet()) {
      var rows = new LinkedHashMap<String, Map<String, String>>();
      for (var row : map.getValue().members().entrySet()) {
        var cells = new LinkedHashMap<String, String>();
        for (var cell : row.getValue().members().entrySet()) {
          cells.put(cell.getKey(), cell.getValue().text());
        }
        rows.put(row.getKey(), Map.copyOf(cells));
      }
      mappings.put(map.getKey(), Map.copyOf(rows));
    }
  }

  private void resources(Node section, ExpressionReader expressions) throws MalformedTemplate {
    for (var resource : section.members().values()) {
      resource.members(
          Set.of("Type", "Properties", "OverrideSettings"),
          "a resource has Type, Properties and OverrideSettings");
      var type = resource.need("Type");
      requireNoOverride(resource);
      var properties = resource.need("Properties");
      switch (type.text()) {
        case THING -> things.add(thing(properties));
        case CERTIFICATE -> certificate(section, properties);
        case POLICY -> policy(properties, expressions);
        default -> throw type.refuse("is " + THING + ", " + CERTIFICATE + " or " + POLICY);
      }
    }
  }

  /** A thing that exists is never changed by a device that says it was that thing. */
  private static void requireNoOverride(Node resource) throws MalformedTemplate {
    var settings = resource.member("OverrideSettings");
    if (settings.isEmpty()) {
      return;
    }
    for (var setting : settings.get().members().values()) {
      if (!setting.text().equals("FAIL")) {
        throw setting.refuse(
            "only FAIL is supported: a thing that exists is not provisioned again; leave it out");
      }
    }
  }

  private static Node thing(Node properties) throws MalformedTemplate {
    properties.members(
        Set.of("ThingName", "AttributePayload", "ThingTypeName", "ThingGroups"),
        "of a thing there is ThingName, AttributePayload, ThingTypeName and ThingGroups");
    return properties;
  }

  private void certificate(Node section, Node properties) throws MalformedTemplate {
    properties.members(
        Set.of("CertificateId", "Status"),
        "the certificate is the one that the device asked for: there is CertificateId and Status");
    var id = properties.need("CertificateId");
    var ref = id.isText() ? null : id.member("Ref").orElse(null);
    if (ref == null || !ref.text().equals(TemplateBody.CERTIFICATE_ID)) {
      throw id.refuse("must be {\"Ref\": \"" + TemplateBody.CERTIFICATE_ID + "\"}");
    }
    var status = properties.member("Status");
    if (status.isPresent() && !status.get().text().equalsIgnoreCase("Active")) {
      throw status.get().refuse("only Active is supported");
    }
    if (certificate != null) {
      throw section.refuse("has more than one " + CERTIFICATE);
    }
    certificate = properties;
  }

  private void policy(Node properties, ExpressionReader expressions) throws MalformedTemplate {
    properties.members(
        Set.of("PolicyName"),
        "a policy is attached by PolicyName; put its document with `sallyport policy put`");
    policies.add(expressions.text(properties.need("PolicyName")));
    if (policies.size() > POLICIES_MAX) {
      throw properties.refuse("more than " + POLICIES_MAX + " policies");
    }
  }

  private static List<Expression> groups(Node thing, ExpressionReader expressions)
      throws MalformedTemplate {
    var node = thing.member("ThingGroups");
    if (node.isEmpty()) {
      return List.of();
    }
    var groups = expressions.list(node.get());
    if (groups.size() > GROUPS_MAX) {
      throw node.get().refuse("more than " + GROUPS_MAX + " groups");
    }
    return groups;
  }

  private static Map<String, Expression> texts(Node of, String name, ExpressionReader expressions)
      throws MalformedTemplate {
    var node = of.member(name);
    return node.isEmpty() ? Map.of() : texts(node.get(), expressions);
  }

  private static Map<String, Expression> texts(Node node, ExpressionReader expressions)
      throws MalformedTemplate {
    var texts = new LinkedHashMap<String, Expression>();
    for (var member : node.members().entrySet()) {
      texts.put(member.getKey(), expressions.text(member.getValue()));
    }
    if (texts.size() > TemplateBody.PARAMETERS_MAX) {
      throw node.refuse("has more than " + TemplateBody.PARAMETERS_MAX + " members");
    }
    return texts;
  }
}
