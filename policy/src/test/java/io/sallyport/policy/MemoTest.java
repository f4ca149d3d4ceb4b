package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MemoTest {
  private static final Ruling YES =
      new Ruling(new Decision.Allowed(new StatementRef("p", 1, 0, "", 1)), 1);
  private static final Ruling NO = Ruling.NOBODY;

  private final Memo memo = new Memo();

  @Test
  void keepsManyNamesOfWhoeverAsksForManyAndNeverMixesThemUp() {
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 50; i++) {
        ask(name(i), i % 3 == 0 ? YES : NO);
      }
    }
    int known = 0;
    for (int i = 0; i < 50; i++) {
      known += memo.find(name(i)) == null ? 0 : 1;
    }
    assertThat(known).isGreaterThan(25);
  }

  @Test
  void neverHoldsMoreNamesThanItsBound() {
    for (int i = 0; i < 100_000; i++) {
      ask(name(i), YES);
    }
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      known += memo.find(name(i)) == null ? 0 : 1;
    }
    assertThat(known).isBetween(1, Memo.NAMES_MAX);
  }

  @Test
  void aNameThatIsTooLongIsNotKept() {
    var longest = "x".repeat(Memo.NAME_LENGTH_MAX).getBytes(StandardCharsets.UTF_8);
    var longer = "x".repeat(Memo.NAME_LENGTH_MAX + 1).getBytes(StandardCharsets.UTF_8);
    memo.remember(longest, YES);
    memo.remember(longer, NO);
    assertThat(memo.find(longest)).isSameAs(YES);
    assertThat(memo.find(longer)).isNull();
  }

  @Test
  void aBeginningOfARememberedNameIsAnotherName() {
    memo.remember(name(1), YES);
    for (int length = 0; length < name(1).length; length++) {
      assertThat(memo.find(Arrays.copyOf(name(1), length))).isNull();
    }
  }

  private void ask(byte[] name, Ruling decision) {
    var known = memo.find(name);
    if (known == null) {
      memo.remember(name, decision);
    } else {
      assertThat(known).isSameAs(decision);
    }
  }

  private static byte[] name(int number) {
    return ("devices/pump-" + number + "/telemetry").getBytes(StandardCharsets.UTF_8);
  }
}
