package io.sallyport.policy.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors M-01 to M-39, which were measured at a Mosquitto 2.0.11 of Debian. */
class MosquittoAclTest {
  /** Lines of an ACL file are separated by semicolons, a missing user name is a minus. */
  @ParameterizedTest(name = "{0}: {5} {6}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          M-01 | user dev-a;topic write devices/%c/telemetry | dev-a | dev-a | WRITE | devices/dev-a/telemetry | deny
          M-02 | user dev-a;topic write devices/%c/telemetry | dev-a | dev-a | WRITE | devices/%c/telemetry | allow
          M-04 | topic write devices/%u/telemetry | dev-a | dev-a | WRITE | devices/dev-a/telemetry | deny
          M-05 | topic write devices/%u/telemetry | - | dev-a | WRITE | devices/%u/telemetry | allow
          M-06 | pattern write devices/%c/telemetry | dev-a | dev-a | WRITE | devices/dev-a/telemetry | allow
          M-07 | pattern write devices/%c/telemetry | dev-a | dev-b | WRITE | devices/dev-b/telemetry | allow
          M-08 | pattern write devices/%c/telemetry | dev-a | dev-b | WRITE | devices/dev-a/telemetry | deny
          M-09 | pattern write devices/%u/telemetry | dev-a | zzz | WRITE | devices/dev-a/telemetry | allow
          M-10 | pattern write devices/%u/telemetry | dev-a | dev-b | WRITE | devices/dev-b/telemetry | deny
          M-11 | pattern write devices/%u/telemetry | - | dev-b | WRITE | devices/dev-b/telemetry | deny
          M-12 | user dev-a;topic read devices/dev-a/cmd | dev-a | x | SUBSCRIBE | # | allow
          M-12a | user dev-a;topic read devices/dev-a/cmd | dev-a | x | READ | devices/dev-a/cmd | allow
          M-12b | user dev-a;topic read devices/dev-a/cmd | dev-a | x | READ | devices/dev-b/cmd | deny
          M-13 | user dev-a;topic read devices/dev-a/cmd | dev-a | x | SUBSCRIBE | devices/dev-b/cmd | allow
          M-14 | user dev-a;topic write t/a | dev-a | x | SUBSCRIBE | t/a | allow
          M-14a | user dev-a;topic write t/a | dev-a | x | READ | t/a | deny
          M-15 | user dev-a;topic t/a | dev-a | x | READ | t/a | allow
          M-15a | user dev-a;topic t/a | dev-a | x | WRITE | t/a | allow
          M-16 | topic readwrite public/# | - | x | WRITE | public/1 | allow
          M-17 | topic readwrite public/# | dev-a | x | WRITE | public/1 | deny
          M-18 | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | x | WRITE | a/secret/1 | deny
          M-18a | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | x | WRITE | a/secret | deny
          M-18b | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | x | WRITE | a/1 | allow
          M-19 | user dev-a;topic readwrite a/#;topic deny a/secret/# | dev-a | x | READ | a/secret/1 | deny
          M-20 | pattern deny a/secret/%u;user dev-a;topic readwrite a/# | dev-a | x | WRITE | a/secret/dev-a | allow
          M-21 | pattern readwrite a/%u/#;user dev-a;topic deny a/dev-a/cmd | dev-a | x | WRITE | a/dev-a/cmd | deny
          M-22 | user bob;topic read z;pattern write p/%u | dev-a | x | WRITE | p/dev-a | allow
          M-23 | pattern read public/# | anyone | x | READ | public/1 | allow
          M-24 | pattern readwrite d/%c/# | dev-a | + | READ | d/dev-b/x | deny
          M-25 | pattern readwrite d/%c/# | dev-a | # | WRITE | d/dev-b/x | deny
          M-26 | pattern readwrite d/%c/# | dev-a | a/b | WRITE | d/a/b/x | allow
          M-27 | pattern readwrite d/%c/# | dev-a | * | WRITE | d/*/x | allow
          M-28 | pattern readwrite d/%u/cfg | t1/dev-b | x | WRITE | d/t1/dev-b/cfg | allow
          M-29 | user +;topic readwrite q/1;pattern readwrite d/%u/# | + | x | WRITE | q/1 | allow
          M-29a | user +;topic readwrite q/1;pattern readwrite d/%u/# | + | x | WRITE | d/dev-b/x | deny
          M-30 | user dev-a;topic write a/# | dev-a | x | WRITE | a | allow
          M-30a | user dev-a;topic write a/# | dev-a | x | WRITE | a/b/c | allow
          M-30b | user dev-a;topic write a/# | dev-a | x | WRITE | ab | deny
          M-31 | user dev-a;topic write a/+/c | dev-a | x | WRITE | a/b/c | allow
          M-31a | user dev-a;topic write a/+/c | dev-a | x | WRITE | a//c | allow
          M-31b | user dev-a;topic write a/+/c | dev-a | x | WRITE | a/b/b/c | deny
          M-32 | pattern write dev-%c/t | dev-a | 7 | WRITE | dev-7/t | allow
          M-34 | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | x | WRITE | a | allow
          M-34a | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | x | WRITE | c | allow
          M-34b | user dev-a;topic write a;user dev-b;topic write b;user dev-a;topic write c | dev-a | x | WRITE | b | deny
          M-36 | user dev-a;topic write A/B | dev-a | x | WRITE | a/b | deny
          M-36a | user dev-a;topic write A/B | Dev-a | x | WRITE | A/B | deny
          M-37 | # only a comment | any | x | WRITE | a | deny
          M-38 | user dev-a;topic read s/1 | dev-a | x | SUBSCRIBE | $share/g/s/2 | allow
          M-38a | user dev-a;topic read s/1 | dev-a | x | READ | s/1 | allow
          M-38b | user dev-a;topic read s/1 | dev-a | x | READ | s/2 | deny
          M-39 | user dev-a;topic read # | dev-a | c | READ | $SYS/broker/version | deny
          M-39a | user dev-a;topic read $SYS/# | dev-a | c | READ | $SYS/broker/version | allow
          """)
  void decidesAsMeasured(
      String id,
      String lines,
      String user,
      String clientId,
      Access access,
      String name,
      String expected)
      throws MalformedAcl {
    var acl = new MosquittoAcl(AclFile.parse(lines.replace(';', '\n')));

    boolean allowed = acl.decide(user.equals("-") ? null : user, clientId, access, name);

    assertThat(allowed).as(id).isEqualTo(expected.equals("allow"));
  }

  /** M-33 and M-35, and what else the real broker was seen to refuse. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "topic subscribe a/b",
        "topic\twrite\tx",
        "topic write x # c",
        "topic write a/#/b",
        "topic WRITE x",
        "topic bad topic",
        "user",
        "user   ",
        "user\tbob",
        "topic",
        "foo bar",
        " # c",
        "\ttopic write x",
        "pattern write a#",
        "topic a+b"
      })
  void refusesWhatMosquittoDoesNotStartWithAndNamesTheLine(String line) {
    assertThatThrownBy(() -> AclFile.parse("# first\nuser dev-a\n" + line + "\ntopic write ok\n"))
        .asInstanceOf(type(MalformedAcl.class))
        .extracting(MalformedAcl::line)
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '   topic write x' | x
          'topic  read   a b' | a b
          'topic write  x  ' | x
          'topic write x\t\r' | x
          'topic readwrite' | readwrite
          'topic write $share/g/x' | $share/g/x
          'topic a b c' | -
          """)
  void blanksAreTakenAsMosquittoTakesThem(String line, String filter) throws MalformedAcl {
    if (filter.equals("-")) {
      assertThatThrownBy(() -> AclFile.parse(line)).isInstanceOf(MalformedAcl.class);
    } else {
      assertThat(AclFile.parse(line.replace("\\t", "\t").replace("\\r", "\r")).lines())
          .extracting(AclLine::filter)
          .containsExactly(filter);
    }
  }

  @Test
  void aFilterOfTooManyLevelsIsRefusedAsByMosquitto() throws MalformedAcl {
    assertThat(AclFile.parse("topic a" + "/a".repeat(200)).lines()).hasSize(1);
    assertThatThrownBy(() -> AclFile.parse("topic a" + "/a".repeat(201)))
        .isInstanceOf(MalformedAcl.class);
  }

  @Test
  void aFileThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> AclFile.parse("#".repeat(AclFile.LENGTH_MAX + 1)))
        .hasMessageContaining("longer");
  }

  @Test
  void aValueThatLooksLikeAVariableIsNotFilledAgain() throws MalformedAcl {
    var acl = new MosquittoAcl(AclFile.parse("pattern write %c/x"));

    assertThat(acl.decide("dev-a", "%u", Access.WRITE, "%u/x")).isTrue();
    assertThat(acl.decide("dev-a", "%u", Access.WRITE, "dev-a/x")).isFalse();
  }
}
