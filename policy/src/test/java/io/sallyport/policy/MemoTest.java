package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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
      known += find(name(i)) == null ? 0 : 1;
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
      known += find(name(i)) == null ? 0 : 1;
    }
    assertThat(known).isBetween(1, Memo.NAMES_MAX);
  }

  @Test
  void aNameThatIsTooLongIsNotKept() {
    var longest = "x".repeat(Memo.NAME_LENGTH_MAX).getBytes(StandardCharsets.UTF_8);
    var longer = "x".repeat(Memo.NAME_LENGTH_MAX + 1).getBytes(StandardCharsets.UTF_8);
    remember(longest, YES);
    remember(longer, NO);
    assertThat(find(longest)).isSameAs(YES);
    assertThat(find(longer)).isNull();
  }

  @Test
  void aBeginningOfARememberedNameIsAnotherName() {
    remember(name(1), YES);
    for (int length = 0; length < name(1).length; length++) {
      assertThat(find(Arrays.copyOf(name(1), length))).isNull();
    }
  }

  private void ask(byte[] name, Ruling decision) {
    var known = find(name);
    if (known == null) {
      remember(name, decision);
    } else {
      assertThat(known).isSameAs(decision);
    }
  }

  private static byte[] name(int number) {
    return ("devices/pump-" + number + "/telemetry").getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable Ruling find(byte[] name) {
    return memo.find(name, Memo.hash(name));
  }

  private void remember(byte[] name, Ruling decision) {
    memo.remember(name, Memo.hash(name), decision);
  }
}
