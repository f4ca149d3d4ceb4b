package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Invariant.Breach;
import io.sallyport.policy.analysis.Invariant.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The proof of one invariant for one class of principals: a name of each kind that its patterns
 * tell apart is tried against all other names at once.
 */
final class InvariantProof {
  private final Invariant invariant;
  private final PolicyClass principals;
  private final List<StatementView> statements;
  private final Naming naming;
  private final BooleanSupplier late;

  InvariantProof(Invariant invariant, PolicyClass principals, BooleanSupplier late) {
    this.late = late;
    this.invariant = invariant;
    this.principals = principals;
    this.statements = Rights.statements(principals.policies());
    this.naming = new Naming(principals);
  }

  Verdict verdict() {
    naming.connecting(statements);
    naming.mentioned(invariant.except());
    naming.filter(invariant.filter());
    actions().forEach(action -> naming.covered(statements, action));
    var names =
        naming.representatives().stream().filter(one -> !invariant.except().contains(one)).toList();
    for (var name : names) {
      var breach = breach(name, statements, Others.but(name));
      if (breach.isPresent()) {
        return new Verdict.Broken(breach.get());
      }
    }
    if (naming.doubtful().isEmpty()) {
      return new Verdict.Holds();
    }
    var widened = naming.widened(statements);
    boolean anybody = naming.doubtful().contains(invariant.filter());
    boolean holds =
        names.stream()
            .allMatch(
                name -> breach(name, widened, anybody ? Names.IDS : Others.but(name)).isEmpty());
    return holds ? new Verdict.Holds() : new Verdict.Unproven(naming.why());
  }

  private List<Action> actions() {
    return invariant.never() == Access.WRITE
        ? List.of(Action.PUBLISH)
        : List.of(Action.SUBSCRIBE, Action.RECEIVE);
  }

  private Optional<Breach> breach(String name, List<StatementView> by, Language others) {
    if (late.getAsBoolean()) {
      throw new TooComplex("it takes too long");
    }
    var bare = breach(name, principals.bare(name, by, Certainty.POSSIBLE), others);
    if (bare.isPresent()) {
      return bare;
    }
    var extended = principals.extended(name, by, Certainty.POSSIBLE);
    if (extended == null) {
      return Optional.empty();
    }
    // A client id that is another principal's name is refused, so such names are its own.
    return breach(name, extended, others.minus(Names.beginningWith(name + ":")));
  }

  private Optional<Breach> breach(String name, Rights rights, Language others) {
    if (!Reach.mayConnect(rights, name)) {
      return Optional.empty();
    }
    var topics = Others.topics(invariant.filter(), others);
    if (invariant.never() == Access.WRITE) {
      return rights.names(Action.PUBLISH).and(topics).and(Reach.unreserved()).shortest()
          .map(topic -> new Breach(principals, name, topic, ""));
    }
    var subscribe = rights.names(Action.SUBSCRIBE);
    var read = rights.names(Action.RECEIVE).and(topics).and(Filters.topics(subscribe));
    return read.shortest()
        .map(
            topic ->
                new Breach(
                    principals,
                    name,
                    topic,
                    subscribe.and(Filters.matching(topic)).shortest().orElse("")));
  }
}
