package io.sallyport.policy;

import java.util.List;

/**
 * Runs a file of expected decisions against the engine that decides in production.
 *
 * <p>The file has the sections {@code policies}, {@code principals} and {@code vectors}, and it may
 * say {@code "mode": "strict"}; without that it is run as AWS documents its language.
 */
public final class PolicyVectors {
  private PolicyVectors() {}

  /**
   * What became of one vector.
   *
   * @param id its name in the file
   * @param passed whether the decision was the expected one
   * @param detail what was decided and by which statement, or why nothing could be decided
   */
  public record Outcome(String id, boolean passed, String detail) {}

  /**
   * What became of all vectors.
   *
   * @param outcomes in the order of the file
   */
  public record Report(List<Outcome> outcomes) {
    /** Copies what could change. */
    public Report {
      outcomes = List.copyOf(outcomes);
    }

    /** How many decisions were as expected. */
    public int passed() {
      return outcomes.size() - failed();
    }

    /** How many were not, or could not be made: what is not understood has not passed. */
    public int failed() {
      return failures().size();
    }

    /** What did not pass. */
    public List<Outcome> failures() {
      return outcomes.stream().filter(outcome -> !outcome.passed()).toList();
    }
  }

  /** Runs every vector of the file; throws if it is no vector file. */
  public static Report run(String json) throws MalformedPolicy {
    var file = VectorFile.read(json);
    return new Report(file.vectors().stream().map(vector -> outcome(file, vector)).toList());
  }

  private static Outcome outcome(VectorFile file, VectorFile.Vector vector) {
    return switch (file.question(vector)) {
      case VectorFile.Unanswerable(var why) -> new Outcome(vector.id(), false, why);
      case VectorFile.Question(var rights, var actions) -> {
        var decision = decide(rights, actions, vector.name());
        boolean passed = decision.isAllowed() == vector.expect().equals("allow");
        yield new Outcome(
            vector.id(),
            passed,
            (passed ? "" : "expected " + vector.expect() + ", but ") + decision.explanation());
      }
    };
  }

  /** All of the actions must be allowed; the first that is not decides. */
  private static Decision decide(SessionPolicy rights, List<Action> actions, String name) {
    Decision decision = Template.nobodyAllows();
    for (var action : actions) {
      decision = rights.decide(action, name);
      if (!decision.isAllowed()) {
        break;
      }
    }
    return decision;
  }
}
