package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ObjectNode;

/** What is asked for beside the certificate; the same options enrol one or a whole file. */
public final class Wishes {
  @Mixin private final Terms terms = new Terms();
  @Mixin private final AllowBreach allowBreach = new AllowBreach();

  /** What to add to the path of the call. */
  public String query() {
    return allowBreach.query();
  }

  /** The request to enrol an applicant, where a line of a file may ask for more or other things. */
  public ObjectNode request(Applicant applicant, String csr, Line line) {
    var request = Json.mapper().createObjectNode().put("id", applicant.id().value());
    request.put("csr", csr);
    return terms.addTo(request, line);
  }

  /** The request to enrol an applicant of the command line. */
  ObjectNode request(Applicant applicant, String csr) {
    return request(applicant, csr, Line.NOTHING);
  }

  /** What one line of a file asks for. */
  public record Line(@Nullable String type, Map<String, String> attributes, List<String> policies) {
    /** Nothing of its own. */
    public static final Line NOTHING = new Line(null, Map.of(), List.of());

    public Line {
      attributes = Map.copyOf(attributes);
      policies = List.copyOf(policies);
    }
  }
}
