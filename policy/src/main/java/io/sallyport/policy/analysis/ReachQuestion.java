package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Circumstances.Case;
import io.sallyport.policy.analysis.Circumstances.Session;
import io.sallyport.policy.analysis.Reach.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Whether one session can reach a topic: at each step it may meet other circumstances. */
record ReachQuestion(
    PolicyClass principals,
    String name,
    Access access,
    String topic,
    List<StatementView> statements,
    Session session) {

  Answer answer() {
    Answer answer = new Answer.Impossible("none of its conditions lets it connect");
    for (var connect : session.cases(Action.CONNECT, statements)) {
      var connecting = principals.extended(name, connect.statements(), Certainty.POSSIBLE);
      boolean extended = PolicyClass.connectsExtended(name, connecting);
      var rights = extended ? connecting : rights(connect, false);
      var clientId = Reach.clientId(rights, name);
      if (clientId.isEmpty()) {
        answer =
            new Answer.Impossible(
                "it may not connect: " + Reach.because(rights, Action.CONNECT, name));
        continue;
      }
      answer = connected(connect, extended, rights.allowing(Action.CONNECT, clientId.getFirst()));
      if (answer instanceof Answer.Possible) {
        return answer;
      }
    }
    return answer;
  }

  private Rights rights(Case one, boolean extended) {
    return extended
        ? principals.extended(name, one.statements(), Certainty.POSSIBLE)
        : principals.bare(name, one.statements(), Certainty.POSSIBLE);
  }

  private Answer connected(Case connect, boolean extended, List<StatementRef> by) {
    Answer answer = new Answer.Impossible("");
    var first = access == Access.WRITE ? Action.PUBLISH : Action.RECEIVE;
    for (var one : session.cases(first, statements)) {
      var rights = rights(one, extended);
      if (access == Access.WRITE) {
        answer = when(Reach.write(rights, topic, new ArrayList<>(by)), connect, one);
        if (answer instanceof Answer.Possible) {
          return answer;
        }
        continue;
      }
      for (var subscribe : session.cases(Action.SUBSCRIBE, statements)) {
        var subscribing = rights(subscribe, extended);
        answer =
            when(
                Reach.read(subscribing, rights, topic, new ArrayList<>(by)),
                connect,
                subscribe,
                one);
        if (answer instanceof Answer.Possible) {
          return answer;
        }
      }
    }
    return answer;
  }

  private static Answer when(Answer answer, Case... cases) {
    if (!(answer instanceof Answer.Possible(var filter, var by, _))) {
      return answer;
    }
    var when = new LinkedHashSet<String>();
    for (var one : cases) {
      when.addAll(one.when());
    }
    return new Answer.Possible(filter, by, List.copyOf(when));
  }
}
