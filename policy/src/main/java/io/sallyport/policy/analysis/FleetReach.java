package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.analysis.Reach.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who of a class can reach a topic. A name makes a difference only where it stands in the topic or
 * in a filter that matches it, so there are few names to try; all others have the same answer.
 */
public final class FleetReach {
  /** Bound: names of one class that are tried one by one. */
  static final int NAMES_MAX = 2_000;

  private FleetReach() {}

  /**
   * The answer for a whole class.
   *
   * @param others the answer for every name that {@code named} does not hold
   * @param named the names that have another answer, whether or not there is such a principal
   * @param restricted whether only some names may connect at all; then {@code others} holds for
   *     those among them
   */
  public record Result(
      PolicyClass principals, Answer others, Map<String, Answer> named, boolean restricted) {}

  /** The answer for this class. */
  public static Result of(PolicyClass principals, Access access, String topic) {
    var statements = Rights.statements(principals.policies());
    var search = new NameSearch(principals, statements);
    search.within(Names.only(topic), access == Access.WRITE ? Action.PUBLISH : Action.RECEIVE);
    if (access == Access.READ) {
      search.within(Filters.matching(topic), Action.SUBSCRIBE);
    }
    var connecting = Connecting.names(principals);
    boolean restricted = !Names.IDS.isWithin(connecting);
    var typical = typical(topic, connecting);
    Answer others =
        typical.isEmpty()
            ? new Answer.Impossible("none of these may connect")
            : Reach.of(principals, typical.getFirst(), access, topic);
    var named = new LinkedHashMap<String, Answer>();
    for (var name : search.found()) {
      var answer = Reach.of(principals, name, access, topic);
      if (answer instanceof Answer.Possible != others instanceof Answer.Possible) {
        named.put(name, answer);
      }
    }
    return new Result(principals, others, named, restricted);
  }

  /** A name that may connect and stands nowhere in the topic, as nearly all do. */
  private static List<String> typical(String topic, Language connecting) {
    var rest = Names.IDS.and(connecting);
    var name = rest.shortest();
    for (int tries = 0; name.isPresent() && topic.contains(name.get()); tries++) {
      if (tries == NAMES_MAX) {
        throw new TooComplex(NAMES_MAX);
      }
      rest = rest.minus(Names.only(name.get()));
      name = rest.shortest();
    }
    return name.filter(PrincipalId::isValid).stream().toList();
  }
}
