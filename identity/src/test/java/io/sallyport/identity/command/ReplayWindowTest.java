package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which numbers come how often. */
class ReplayWindowTest {
  /** Number, whether the signature is good, verdict, top and map; as published vectors go. */
  private static final String SIXTY_FOUR =
      """
      0 ok accept 0 0000000000000001
      0 ok dup 0 0000000000000001
      1 ok accept 1 0000000000000003
      5 ok accept 5 0000000000000031
      3 ok accept 5 0000000000000035
      3 ok dup 5 0000000000000035
      5 ok dup 5 0000000000000035
      68 ok accept 68 8000000000000001
      5 ok dup 68 8000000000000001
      4 ok old 68 8000000000000001
      6 ok accept 68 c000000000000001
      69 ok accept 69 8000000000000003
      5 ok old 69 8000000000000003
      200 bad auth 69 8000000000000003
      69 ok dup 69 8000000000000003
      70 ok accept 70 0000000000000007
      200 ok accept 200 0000000000000001
      137 ok accept 200 8000000000000001
      136 ok old 200 8000000000000001
      281474976710655 ok accept 281474976710655 0000000000000001
      281474976710656 ok range 281474976710655 0000000000000001
      199 ok old 281474976710655 0000000000000001
      """;

  private static final String THIRTY_TWO =
      """
      0 ok accept 0 00000001
      0 ok dup 0 00000001
      1 ok accept 1 00000003
      5 ok accept 5 00000031
      3 ok accept 5 00000035
      3 ok dup 5 00000035
      5 ok dup 5 00000035
      68 ok accept 68 00000001
      5 ok old 68 00000001
      4 ok old 68 00000001
      6 ok old 68 00000001
      69 ok accept 69 00000003
      5 ok old 69 00000003
      200 bad auth 69 00000003
      69 ok dup 69 00000003
      70 ok accept 70 00000007
      200 ok accept 200 00000001
      137 ok old 200 00000001
      136 ok old 200 00000001
      281474976710655 ok accept 281474976710655 00000001
      281474976710656 ok range 281474976710655 00000001
      199 ok old 281474976710655 00000001
      """;

  @Test
  void vectorsOf64() {
    follow(64, SIXTY_FOUR);
  }

  @Test
  void vectorsOf32() {
    follow(32, THIRTY_TWO);
  }

  private static void follow(int size, String vectors) {
    var window = ReplayWindow.empty(size);
    for (var line : vectors.lines().toList()) {
      var words = line.split(" ", 5);
      long number = Long.parseLong(words[0]);
      var answer = window.check(number);
      if (answer == ReplayWindow.Answer.FRESH && words[1].equals("ok")) {
        window = window.mark(number);
      }
      assertThat(word(answer, words[1])).as(line).isEqualTo(words[2]);
      assertThat(window.top()).as(line).isEqualTo(Long.parseLong(words[3]));
      assertThat(window.map()).as(line).isEqualTo(Long.parseUnsignedLong(words[4], 16));
    }
  }

  private static String word(ReplayWindow.Answer answer, String signature) {
    return switch (answer) {
      case FRESH -> signature.equals("ok") ? "accept" : "auth";
      case TAKEN -> "dup";
      case OLD -> "old";
      case RANGE -> "range";
    };
  }

  @Test
  void whereOnlyTheHighestSurvivedNothingBelowItComesAgain() {
    var window = ReplayWindow.floor(200, 64);
    for (long number = 0; number <= 200; number++) {
      assertThat(window.check(number)).isNotEqualTo(ReplayWindow.Answer.FRESH);
    }
    assertThat(window.check(201)).isEqualTo(ReplayWindow.Answer.FRESH);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "31", "32", "63", "64"})
  void noNumberIsTakenTwiceWhateverComes(int size) {
    var random = new SplittableRandom(size);
    var window = ReplayWindow.empty(size);
    var taken = new HashSet<Long>();
    long near = 0;
    for (int i = 0; i < 20_000; i++) {
      long number = Math.max(0, near + random.nextLong(-80, 80));
      if (window.check(number) == ReplayWindow.Answer.FRESH) {
        assertThat(taken.add(number)).as("%s", number).isTrue();
        window = window.mark(number);
        near = window.top();
      } else if (number > window.top() - size && number <= window.top()) {
        assertThat(taken).contains(number);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-2,0,64", "281474976710656,0,64", "0,0,0", "0,0,65", "0,4,2"})
  void whatIsNoWindowIsRefused(long top, long map, int size) {
    assertThatThrownBy(() -> new ReplayWindow(top, map, size))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ReplayWindow.floor(5, 64).mark(5))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
