package io.sallyport.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageLogTest {
  private static final String DOCUMENT =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"],
         "Resource": ["arn:aws:iot:*:*:topic/a", "arn:aws:iot:*:*:topic/b/*"]},
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": "arn:aws:iot:*:*:client/*"},
        {"Effect": "Deny", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/b/no"}
      ]}
      """;

  private final UsageLog log = new UsageLog();

  private SessionPolicy session(String name) throws MalformedPolicy {
    var set = PolicySet.of(List.of(new PolicyVersion("p", 3, PolicyDocument.parse(DOCUMENT))));
    var subject = new Subject(name, name, null, Map.of(), _ -> List.of());
    return SessionPolicy.compile(set, subject).watched(log, null);
  }

  private List<String> drained() {
    return log.drain().stream()
        .map(r -> r.statement().index() + " " + r.action() + " " + r.resource())
        .sorted()
        .toList();
  }

  private static boolean publish(SessionPolicy session, String topic) {
    return session.allows(Action.PUBLISH, topic.getBytes(UTF_8));
  }

  @Test
  void tellsTheResourceThatDecidedForEachAction() throws Exception {
    var session = session("x");
    assertThat(publish(session, "b/1")).isTrue();
    assertThat(publish(session, "b/no")).isFalse();
    assertThat(publish(session, "c")).isFalse();
    assertThat(drained()).containsExactly("0 PUBLISH 1", "2 PUBLISH 0");
  }

  @Test
  void whatIsRememberedIsUsedAgainAfterEveryLook() throws Exception {
    var session = session("x");
    publish(session, "a");
    assertThat(drained()).containsExactly("0 PUBLISH 0");
    assertThat(drained()).isEmpty();
    publish(session, "a");
    assertThat(drained()).containsExactly("0 PUBLISH 0");
  }

  @Test
  void anAnswerIsNoUse() throws Exception {
    var session = session("x");
    session.decide(Action.CONNECT, "x");
    session.explain(Action.CONNECT, "x");
    assertThat(drained()).isEmpty();
    session.use(Action.CONNECT, "x", RequestContext.NONE);
    assertThat(drained()).containsExactly("1 CONNECT 0");
  }

  @Test
  void sessionsOfOneTemplateShareTheirMarks() throws Exception {
    var first = session("x");
    for (int i = 0; i < 1_000; i++) {
      publish(session("x" + i), "a");
    }
    assertThat(log.size()).isEqualTo(1);
    assertThat(drained()).containsExactly("0 PUBLISH 0");
    assertThat(publish(first, "a")).isTrue();
  }

  @Test
  void anObserverHearsOfWhatIsAllowedEachTime() throws Exception {
    var heard = new java.util.ArrayList<String>();
    var session =
        session("x")
            .watched(log, (action, name, _) -> heard.add(action + " " + new String(name, UTF_8)));
    publish(session, "a");
    publish(session, "a");
    publish(session, "no");
    session.use(Action.CONNECT, "x", RequestContext.NONE);
    assertThat(heard).containsExactly("PUBLISH a", "PUBLISH a", "CONNECT x");
  }
}
