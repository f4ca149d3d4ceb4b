package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What is asked for beside the certificate; the same options enrol one or a whole file. */
public final class Wishes {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      split = ",",
      description = "Attach this policy instead of the default one; may be repeated.")
  private List<String> policies = List.of();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Thing type, for policies that name it.")
  private @Nullable String type;

  @Option(
      names = "--attribute",
      paramLabel = "KEY=VALUE",
      description = "Thing attribute, for policies that name it; may be repeated.")
  private Map<String, String> attributes = Map.of();

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Validity of the certificate in days; default: 365.")
  private @Nullable Integer days;

  @Mixin private final AllowBreach allowBreach = new AllowBreach();

  /** What to add to the path of the call. */
  String query() {
    return allowBreach.query();
  }

  /** The request to enrol an applicant, where a line of a file may ask for more or other things. */
  ObjectNode request(Applicant applicant, String csr, Line line) {
    var request = Json.mapper().createObjectNode().put("id", applicant.id().value());
    request.put("csr", csr);
    var type = line.type() == null ? this.type : line.type();
    if (type != null) {
      request.put("thingType", type);
    }
    var attributes = new LinkedHashMap<>(this.attributes);
    attributes.putAll(line.attributes());
    if (!attributes.isEmpty()) {
      var object = request.putObject("attributes");
      attributes.forEach(object::put);
    }
    var policies = line.policies().isEmpty() ? this.policies : line.policies();
    if (!policies.isEmpty()) {
      policies.forEach(request.putArray("policies")::add);
    }
    if (days != null) {
      request.put("validityDays", days);
    }
    return request;
  }

  /** The request to enrol an applicant of the command line. */
  ObjectNode request(Applicant applicant, String csr) {
    return request(applicant, csr, Line.NOTHING);
  }

  /** What one line of a file asks for. */
  record Line(@Nullable String type, Map<String, String> attributes, List<String> policies) {
    static final Line NOTHING = new Line(null, Map.of(), List.of());

    Line {
      attributes = Map.copyOf(attributes);
      policies = List.copyOf(policies);
    }
  }
}
