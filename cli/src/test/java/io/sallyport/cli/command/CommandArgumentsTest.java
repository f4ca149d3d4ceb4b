package io.sallyport.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.cli.terminal.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How words become arguments. */
class CommandArgumentsTest {
  @Test
  void wordsAreWhatTheyLookLike() {
    var words =
        List.of(
            "on=true",
            "off=false",
            "level=40",
            "below=-3",
            "zero=0",
            "pin=0042",
            "text=a=b",
            "none:=null",
            "digits:=\"5\"",
            "list:=[1,\"a\"]",
            "empty=");
    assertThat(CommandArguments.of(words).toString())
        .isEqualTo(
            "{\"on\":true,\"off\":false,\"level\":40,\"below\":-3,\"zero\":0,\"pin\":\"0042\","
                + "\"text\":\"a=b\",\"none\":null,\"digits\":\"5\",\"list\":[1,\"a\"],\"empty\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "word,not of the form",
    "=5,not of the form",
    ":=5,not of the form",
    "a=1.5,is a fraction",
    "a=9999999999999999999,more than 64 bits",
    "a:={,not well-formed",
  })
  void whatCannotBeSentIsSaid(String word, String why) {
    assertThatThrownBy(() -> CommandArguments.of(List.of(word)))
        .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.line()).contains(why));
  }

  @Test
  void aNameOnlyOnce() {
    assertThatThrownBy(() -> CommandArguments.of(List.of("a=1", "a=2")))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.line()).contains("given twice"));
  }
}
