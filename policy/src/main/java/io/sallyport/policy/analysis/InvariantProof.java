package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Circumstances.Case;
import io.sallyport.policy.analysis.Circumstances.Session;
import io.sallyport.policy.analysis.Invariant.Breach;
import io.sallyport.policy.analysis.Invariant.Verdict;
import java.util.LinkedHashSet;
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
    for (var session : Circumstances.of(principals, name, by)) {
      for (var connect : session.cases(Action.CONNECT, by)) {
        var bare = new Attempt(name, by, session, connect, false);
        var breach = bare.mayConnect() ? bare.breach(others) : Optional.<Breach>empty();
        if (breach.isPresent()) {
          return breach;
        }
        var extended = new Attempt(name, by, session, connect, true);
        if (extended.mayConnect()) {
          // A client id that is another principal's name is refused, so such names are its own.
          breach = extended.breach(others.minus(Names.beginningWith(name + ":")));
          if (breach.isPresent()) {
            return breach;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What one principal can do in a session, under its own name or a longer client id. */
  private final class Attempt {
    private final String name;
    private final List<StatementView> by;
    private final Session session;
    private final Case connect;
    private final boolean extended;

    Attempt(String name, List<StatementView> by, Session session, Case connect, boolean extended) {
      this.name = name;
      this.by = by;
      this.session = session;
      this.connect = connect;
      this.extended = extended;
    }

    boolean mayConnect() {
      var rights = rights(connect);
      return extended
          ? PolicyClass.connectsExtended(name, rights) && Reach.mayConnect(rights, name)
          : Reach.mayConnect(rights, name);
    }

    private Rights rights(Case one) {
      return extended
          ? principals.extended(name, one.statements(), Certainty.POSSIBLE)
          : principals.bare(name, one.statements(), Certainty.POSSIBLE);
    }

    Optional<Breach> breach(Language others) {
      var topics = Others.topics(invariant.filter(), others);
      return invariant.never() == Access.WRITE ? written(topics) : read(topics);
    }

    private Optional<Breach> written(Language topics) {
      for (var one : session.cases(Action.PUBLISH, by)) {
        var names = rights(one).names(Action.PUBLISH).and(topics).and(Reach.unreserved());
        var topic = names.shortest();
        if (topic.isPresent()) {
          return Optional.of(breach(topic.get(), "", one));
        }
      }
      return Optional.empty();
    }

    private Optional<Breach> read(Language topics) {
      for (var subscribing : session.cases(Action.SUBSCRIBE, by)) {
        var filters = rights(subscribing).names(Action.SUBSCRIBE);
        var matched = Filters.topics(filters).and(topics);
        for (var receiving : session.cases(Action.RECEIVE, by)) {
          var topic = rights(receiving).names(Action.RECEIVE).and(matched).shortest();
          if (topic.isPresent()) {
            var filter = filters.and(Filters.matching(topic.get())).shortest().orElse("");
            return Optional.of(breach(topic.get(), filter, subscribing, receiving));
          }
        }
      }
      return Optional.empty();
    }

    private Breach breach(String topic, String filter, Case... cases) {
      var when = new LinkedHashSet<>(connect.when());
      for (var one : cases) {
        when.addAll(one.when());
      }
      return new Breach(principals, name, topic, filter, List.copyOf(when));
    }
  }
}
