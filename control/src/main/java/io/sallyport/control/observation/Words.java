package io.sallyport.control.observation;

import io.sallyport.policy.Action;
import java.util.Arrays;

/** Actions as tables have them. */
final class Words {
  private Words() {}

  static Action action(String word) {
    return Arrays.stream(Action.values())
        .filter(action -> action.word().equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("a stored action is not known: '" + word + "'"));
  }
}
