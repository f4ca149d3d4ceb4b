package io.sallyport.policy.mosquitto;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.mosquitto.AclLine.Scope;
import io.sallyport.policy.mosquitto.Finding.Severity;
import io.sallyport.policy.mosquitto.Finding.Source;
import java.util.ArrayList;
import java.util.List;

/** Finds what in an ACL file does not mean what it seems to. */
final class AclTraps {
  private static final List<String> RESERVED = List.of("$SYS", "$share", "$aws/events");

  private final AclFile file;
  private final boolean clientIdBound;
  private final List<Finding> findings = new ArrayList<>();

  AclTraps(AclFile file, boolean clientIdBound) {
    this.file = file;
    this.clientIdBound = clientIdBound;
  }

  List<Finding> findings() {
    file.lines().forEach(this::look);
    file.users().forEach(this::lookAtUser);
    lookAtWhole();
    return findings;
  }

  private void look(AclLine line) {
    if (!line.isPattern() && (line.holds("%c") || line.holds("%u"))) {
      error(
          line,
          "variable-in-topic",
          "%c and %u are plain letters in a 'topic' line: it is about that very topic",
          "write 'pattern' if every client was meant");
    }
    if (line.isPattern() && line.holds("%c") && !clientIdBound) {
      error(
          line,
          "client-id-chosen-by-client",
          "every client chooses its client id, and so which topics %c gives it",
          "write %u, or set use_username_as_clientid; here a client id must be the principal's");
    }
    if (line.isPattern() && !line.isVariable()) {
      warning(
          line,
          "pattern-for-everybody",
          "a pattern without %c and %u applies to every client",
          "make sure that everybody was meant");
    }
    if (line.scope() instanceof Scope.Anonymous) {
      warning(
          line,
          "only-without-user-name",
          "lines before the first 'user' are only for clients without a user name",
          "write 'pattern' if everybody was meant");
    }
    lookAtFilter(line);
  }

  private void lookAtFilter(AclLine line) {
    var filter = line.filter();
    if (AclFile.isAccessWord(filter)) {
      warning(
          line,
          "access-word-as-topic",
          "'" + filter + "' is the topic here, with read and write",
          "write the topic behind it");
    }
    if (!line.denies() && filter.equals("#")) {
      warning(line, "everything", "it covers every topic that begins with no $", "name the topics");
    }
    if (RESERVED.stream().anyMatch(name -> filter.equals(name) || filter.startsWith(name + "/"))) {
      warning(
          line,
          "reserved-topics",
          "here nobody publishes to $SYS, $share and $aws/events, and the server neither",
          "use `sallyport status` and the metrics instead of $SYS");
    }
  }

  private void lookAtUser(String user) {
    var own = file.of(new Scope.User(user));
    if (!PrincipalId.isValid(user) && !own.isEmpty()) {
      error(
          own.getFirst(),
          "no-principal-id",
          "nobody can be enrolled as '" + user + "'",
          "enrol under another id, rename the user in a copy of the file, and import that");
    }
    if (own.size() + file.patterns().size() > Translation.RULES_MAX) {
      return;
    }
    for (var deny : file.patterns().stream().filter(AclLine::denies).toList()) {
      var language = Wording.of(TopicFilter.of(deny), user).language();
      own.stream()
          .filter(line -> !line.denies())
          .filter(line -> Wording.of(TopicFilter.of(line), user).language().overlaps(language))
          .findFirst()
          .ifPresent(
              line ->
                  warning(
                      line,
                      "allow-beats-pattern-deny",
                      "a user's own allow goes before the pattern deny of line " + deny.number(),
                      "deny it in the user's own lines, too, if that was meant"));
    }
  }

  private void lookAtWhole() {
    if (file.lines().isEmpty()) {
      info("nothing-allowed", "a file without rules denies everything", "nothing is imported");
      return;
    }
    boolean reads = file.lines().stream().anyMatch(line -> line.grants().contains(Access.READ));
    if (reads) {
      info(
          "subscribe-not-checked",
          "Mosquitto grants every SUBSCRIBE and checks deliveries; here both are checked",
          "subscribe to the filters of the read lines, or narrower ones: '#' is refused now");
      info(
          "shared-subscriptions",
          "Mosquitto lets anybody join a $share group and take messages out of it; here nobody may",
          "allow sallyport:ShareGroup to those that work in a group");
    }
    info(
        "forbidden-will",
        "Mosquitto drops a forbidden Will when it is sent; here the CONNECT is refused",
        "allow the Will's topic to be written");
    if (!clientIdBound) {
      info(
          "client-id-bound",
          "here a client id must be the principal's id, or begin with it and a colon",
          "change the client ids of those that connect with others");
    }
  }

  private void error(AclLine line, String code, String message, String advice) {
    add(Severity.ERROR, line.number(), code, message, advice);
  }

  private void warning(AclLine line, String code, String message, String advice) {
    add(Severity.WARNING, line.number(), code, message, advice);
  }

  private void info(String code, String message, String advice) {
    add(Severity.INFO, 0, code, message, advice);
  }

  private void add(Severity severity, int line, String code, String message, String advice) {
    findings.add(new Finding(severity, Source.ACL, line, code, message, advice));
  }
}
