package io.sallyport.control.provisioning.template;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a template declares. All of them are texts.
 *
 * @param fallback its value where the device gives none; it must give one if this is null
 * @param allowed what its value must match as a whole; anything if this is null
 */
record Parameter(String name, @Nullable String fallback, @Nullable Pattern allowed) {
  /** Bound: looks at characters while one value is matched; a pattern cannot be made to hang. */
  static final int STEPS_MAX = 200_000;

  /** Why it does not take a value. */
  Optional<String> objection(String value) {
    if (value.length() > TemplateBody.VALUE_MAX) {
      return Optional.of("is longer than " + TemplateBody.VALUE_MAX + " characters");
    }
    if (value.codePoints().anyMatch(c -> c < 0x20 || c == 0x7F)) {
      return Optional.of("has a control character");
    }
    if (!Node.isWhole(value)) {
      return Optional.of("has half of a character");
    }
    if (allowed == null) {
      return Optional.empty();
    }
    try {
      return allowed.matcher(new Stepped(value)).matches()
          ? Optional.empty()
          : Optional.of("does not match AllowedPattern");
    } catch (TooManySteps e) {
      return Optional.of("could not be compared with AllowedPattern in " + STEPS_MAX + " steps");
    } catch (StackOverflowError e) {
      // The JDK's matcher recurses for some patterns; what it cannot match is not let in.
      return Optional.of("could not be compared with AllowedPattern");
    }
  }

  /** A text that can be looked at so often. */
  private static final class Stepped implements CharSequence {
    private final String text;
    private int left = STEPS_MAX;

    Stepped(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left-- == 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }
}
