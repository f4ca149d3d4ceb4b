package io.sallyport.cli.enrolment;

import io.sallyport.cli.enrolment.Wishes.Line;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What a device or backend will be once it is enrolled. */
public final class Terms {
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

  /** Adds them to a request. */
  public ObjectNode addTo(ObjectNode request) {
    return addTo(request, Line.NOTHING);
  }

  /** Adds them, where a line of a file may ask for more or other things. */
  ObjectNode addTo(ObjectNode request, Line line) {
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
}
