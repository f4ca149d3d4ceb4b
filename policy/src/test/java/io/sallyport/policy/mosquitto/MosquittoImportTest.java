package io.sallyport.policy.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.mosquitto.MosquittoImport.Kept;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of rules, and which traps are found in them. */
class MosquittoImportTest {
  /**
   * The vectors that a principal of ours can be asked: its client id is its name. Lines are
   * separated by semicolons.
   */
  @ParameterizedTest(name = "{0}: {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          M-01 | user dev-a;topic write devices/%c/telemetry | dev-a | WRITE | devices/dev-a/telemetry | deny
          M-02 | user dev-a;topic write devices/%c/telemetry | dev-a | WRITE | devices/%c/telemetry | allow
          M-04 | topic write devices/%u/telemetry | dev-a | WRITE | devices/dev-a/telemetry | deny
          M-06 | pattern write devices/%c/telemetry | dev-a | WRITE | devices/dev-a/telemetry | allow
          M-08 | pattern write devices/%c/telemetry | dev-b | WRITE | devices/dev-a/telemetry | deny
          M-09 | pattern write devices/%u/telemetry | dev-a | WRITE | devices/dev-a/telemetry | allow
          M-10 | pattern write devices/%u/telemetry | dev-a | WRITE | devices/dev-b/telemetry | deny
          M-12a | user dev-a;topic read devices/dev-a/cmd | dev-a | READ | devices/dev-a/cmd | allow
          M-12b | user dev-a;topic read devices/dev-a/cmd | dev-a | READ | devices/dev-b/cmd | deny
          M-14a | user dev-a;topic write t/a | dev-a | READ | t/a | deny
          M-15 | user dev-a;topic t/a | dev-a | READ | t/a | allow
          M-15a | user dev-a;topic t/a | dev-a | WRITE | t/a | allow
          M-17 | topic readwrite public/# | dev-a | WRITE | public/1 | deny
          M-18 | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | WRITE | a/secret/1 | deny
          M-18a | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | WRITE | a/secret | deny
          M-18b | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | WRITE | a/1 | allow
          M-19 | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | READ | a/secret/1 | deny
          M-20 | pattern deny a/secret/%u;user dev-a;topic readwrite a/# | dev-a | WRITE | a/secret/dev-a | allow
          M-21 | pattern readwrite a/%u/#;user dev-a;topic deny a/dev-a/cmd | dev-a | WRITE | a/dev-a/cmd | deny
          M-22 | user bob;topic read z;pattern write p/%u | dev-a | WRITE | p/dev-a | allow
          M-23 | pattern read public/# | anyone | READ | public/1 | allow
          M-30 | user dev-a;topic write a/# | dev-a | WRITE | a | allow
          M-30a | user dev-a;topic write a/# | dev-a | WRITE | a/b/c | allow
          M-30b | user dev-a;topic write a/# | dev-a | WRITE | ab | deny
          M-31 | user dev-a;topic write a/+/c | dev-a | WRITE | a/b/c | allow
          M-31a | user dev-a;topic write a/+/c | dev-a | WRITE | a//c | allow
          M-31b | user dev-a;topic write a/+/c | dev-a | WRITE | a/b/b/c | deny
          M-32 | pattern write dev-%c/t | 7 | WRITE | dev-7/t | allow
          M-34 | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | WRITE | a | allow
          M-34a | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | WRITE | c | allow
          M-34b | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | WRITE | b | deny
          M-36 | user dev-a;topic write A/B | dev-a | WRITE | a/b | deny
          M-36a | user dev-a;topic write A/B | Dev-a | WRITE | A/B | deny
          M-37 | # only a comment | any | WRITE | a | deny
          M-38a | user dev-a;topic read s/1 | dev-a | READ | s/1 | allow
          M-38b | user dev-a;topic read s/1 | dev-a | READ | s/2 | deny
          M-39 | user dev-a;topic read # | dev-a | READ | $SYS/broker/version | deny
          """)
  void thePoliciesDecideAsWasMeasured(
      String id, String lines, String user, Access access, String topic, String expected)
      throws Exception {
    var imported = imported(lines.replace(';', '\n'));
    var action = access == Access.READ ? Action.RECEIVE : Action.PUBLISH;

    var rights =
        MosquittoImportProperties.rights(
            MosquittoImportProperties.policies(imported, user), user, user);

    assertThat(rights.decide(action, topic).isAllowed()).as(id).isEqualTo(expected.equals("allow"));
    assertThat(imported.isExactFor(user)).as(id).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          topic read a/+/b/# | DROPPED
          topic deny a/+/b/# | EXACT
          topic read a/+;topic read a/b/c | DROPPED EXACT
          topic read a/+;topic write a/b/c | EXACT EXACT
          topic read a/b/c;topic deny a/+ | EXACT STRICTER
          topic read #;topic read $x/# | EXACT EXACT
          topic read +/a;topic read $x/a | DROPPED EXACT
          topic read a/#;pattern read b/%u;pattern deny a/x | EXACT EXACT EXACT
          topic read a/#;pattern read a/b/%u;pattern deny a/b/# | EXACT EXACT EXACT
          topic read a/b/c;pattern read a/#;pattern deny a/b/# | EXACT EXACT STRICTER
          pattern read a/+;pattern read b/%c/+/x | EXACT EXACT
          """)
  void everyLineSaysHowWellItIsKept(String lines, String kept) throws Exception {
    var imported = imported("user dev-a\n" + lines.replace(';', '\n'));

    assertThat(imported.lines().stream().map(line -> line.kept().name()))
        .containsExactly(kept.split(" "));
    assertThat(imported.isExact())
        .isEqualTo(!kept.contains("STRICTER") && !kept.contains("DROPPED"));
  }

  @Test
  void aUserThatNoPrincipalCanBeHasNoPolicy() throws Exception {
    var imported = imported("user t1/dev b\ntopic read a\n");

    assertThat(imported.policies()).isEmpty();
    assertThat(imported.lines()).extracting(MosquittoImport.Line::kept).containsOnly(Kept.DROPPED);
    assertThat(codes(imported.findings())).contains("no-principal-id");
  }

  @Test
  void aSubscriptionIsAllowedToWhatMayBeReadAndNotToMore() throws Exception {
    var imported = imported("user dev-a\ntopic read a/#\ntopic read b/+/c\n");
    var rights =
        MosquittoImportProperties.rights(
            MosquittoImportProperties.policies(imported, "dev-a"), "dev-a", "dev-a");

    for (var filter : List.of("a", "a/#", "a/+/x", "b/+/c", "b/x/c")) {
      assertThat(rights.decide(Action.SUBSCRIBE, filter).isAllowed()).as(filter).isTrue();
    }
    for (var filter : List.of("#", "+", "b/#", "c")) {
      assertThat(rights.decide(Action.SUBSCRIBE, filter).isAllowed()).as(filter).isFalse();
    }
    assertThat(rights.decide(Action.SHARE_GROUP, "g").isAllowed()).isFalse();
  }

  @Test
  void manyRulesBecomeSeveralPoliciesAndTooManyNone() throws Exception {
    var several = imported(rules(400));
    var tooMuch = imported(rules(1_900));
    var tooMany = imported(rules(Translation.RULES_MAX + 1));

    assertThat(several.attachments().get("dev-a")).hasSizeBetween(2, 10);
    assertThat(several.isExact()).isTrue();
    for (var policy : several.policies()) {
      assertThat(PolicyDocument.parse(policy.json()).json()).isNotEmpty();
    }
    for (var imported : List.of(tooMuch, tooMany)) {
      assertThat(imported.attachments().get("dev-a")).isEmpty();
      assertThat(imported.isExactFor("dev-a")).isFalse();
      assertThat(imported.lines())
          .extracting(MosquittoImport.Line::kept)
          .containsOnly(Kept.DROPPED);
    }
  }

  private static String rules(int count) {
    var text = new StringBuilder("user dev-a\n");
    for (int i = 0; i < count; i++) {
      text.append("topic write ").append("long/".repeat(180)).append(i).append('\n');
    }
    return text.toString();
  }

  @Test
  void aRuleTooLongForAPolicyIsNeverShortened() throws Exception {
    var deep = "a".repeat(1_000);
    var allow = imported("user dev-a\ntopic read " + deep + "\n");
    var deny = imported("user dev-a\ntopic read b\ntopic deny " + deep + "\n");

    assertThat(allow.lines()).extracting(MosquittoImport.Line::kept).containsOnly(Kept.DROPPED);
    assertThat(deny.lines())
        .extracting(MosquittoImport.Line::kept)
        .containsExactly(Kept.EXACT, Kept.STRICTER);
    assertThat(deny.policies().getFirst().json()).contains("topic/*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          user a;topic write d/%u/x | 2 | variable-in-topic
          pattern write d/%c/x | 1 | client-id-chosen-by-client
          pattern read public | 1 | pattern-for-everybody
          topic read x | 1 | only-without-user-name
          user a;topic read | 2 | access-word-as-topic
          user a;topic read # | 2 | everything
          user a;topic read $SYS/# | 2 | reserved-topics
          user a.b;topic read x | 2 | no-principal-id
          pattern deny a/b;user a;topic read a/# | 3 | allow-beats-pattern-deny
          # nothing | 0 | nothing-allowed
          user a;topic read x | 0 | shared-subscriptions
          user a;topic read x | 0 | subscribe-not-checked
          user a;topic write x | 0 | forbidden-will
          user a;topic write x | 0 | client-id-bound
          """)
  void findsTheTrapsOfAnAclFile(String lines, int line, String code) throws Exception {
    assertThat(imported(lines.replace(';', '\n')).findings())
        .anyMatch(finding -> finding.code().equals(code) && finding.line() == line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          acl_file a;allow_anonymous true;listener 1883 | 3 | anybody-is-anybody
          acl_file a;per_listener_settings true | 2 | per-listener-too-late
          allow_anonymous false;listener 1;listener 2;allow_anonymous true | 4 | one-for-all-listeners
          listener 1;cafile x;use_identity_as_username true | 1 | identity-without-certificate
          listener 1;cafile x;require_certificate true;use_subject_as_username true | 1 | whole-subject-as-name
          listener 1;password_file x | 1 | identity-not-from-certificate
          listener 1;cafile x;require_certificate true | 1 | no-revocation
          listener 1;cafile x | 1 | tls-version-unset
          listener 1 | 0 | no-acl-file
          listener 1 | 0 | retained-of-revoked
          port 1883 | 1 | binds-everywhere
          listener 1;connection b | 2 | bridge
          listener 1;plugin p.so | 2 | plugin-decides
          include_dir x | 1 | not-followed
          listener 1 | 0 | reload-fails-open
          """)
  void findsTheTrapsOfAConfiguration(String lines, int line, String code) {
    assertThat(MosquittoConf.parse(lines.replace(';', '\n')).findings())
        .anyMatch(finding -> finding.code().equals(code) && finding.line() == line);
  }

  @Test
  void aCarefulConfigurationHasNoTraps() {
    var conf =
        MosquittoConf.parse(
            """
            per_listener_settings true
            # the only door
            listener 8883
            acl_file /etc/mosquitto/acl
            cafile ca.crt
            crlfile crl.pem
            require_certificate true
            use_identity_as_username true
            use_username_as_clientid true
            tls_version tlsv1.3
            check_retain_source true
            """);

    assertThat(codes(conf.findings())).containsExactly("reload-fails-open");
    assertThat(conf.bindsClientId()).isTrue();
    assertThat(conf.allowsAnonymous()).isFalse();
  }

  @Test
  void aConfigurationSaysWhetherRulesWithoutAUserAreDead() throws Exception {
    var file = AclFile.parse("topic read public\n");

    assertThat(kept(MosquittoImport.of(file))).containsExactly(Kept.DROPPED);
    assertThat(kept(MosquittoImport.of(file, MosquittoConf.parse("listener 1\n"))))
        .containsExactly(Kept.DEAD);
    assertThat(
            kept(
                MosquittoImport.of(
                    file, MosquittoConf.parse("listener 1\nallow_anonymous true\n"))))
        .containsExactly(Kept.DROPPED);
  }

  @Test
  void aBoundClientIdIsTheOnlyOneThatConnects() throws Exception {
    var file = AclFile.parse("pattern write d/%c\n");
    var bound =
        MosquittoImport.of(file, MosquittoConf.parse("listener 1\nuse_username_as_clientid true"));

    var rights =
        MosquittoImportProperties.rights(
            MosquittoImportProperties.policies(bound, "dev-a"), "dev-a", "dev-a:7");

    assertThat(rights.decide(Action.CONNECT, "dev-a").isAllowed()).isTrue();
    assertThat(rights.decide(Action.CONNECT, "dev-a:7").isAllowed()).isFalse();
  }

  private static List<Kept> kept(MosquittoImport imported) {
    return imported.lines().stream().map(MosquittoImport.Line::kept).toList();
  }

  private static List<String> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  private static MosquittoImport imported(String text) throws MalformedAcl {
    return MosquittoImport.of(AclFile.parse(text));
  }
}
