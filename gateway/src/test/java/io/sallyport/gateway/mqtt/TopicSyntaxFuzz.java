package io.sallyport.gateway.mqtt;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names and filters are what a plain reading of MQTT 4.7 says, and strings what the JDK says. */
class TopicSyntaxFuzz {
  private static final int LEVELS_MAX = 8;
  private static final Pattern SHARED = Pattern.compile("\\$share/[^/+#]+/(.+)", Pattern.DOTALL);

  @FuzzTest
  void namesAndFiltersAsThePlainReadingHasThem(byte[] bytes) {
    var text = decoded(bytes);
    if ((text != null) != isString(bytes)) {
      throw new AssertionError("a string to one of us and not to the other");
    }
    if (text != null) {
      agree("a name", isName(bytes), plainName(text), text);
      agree("a filter", TopicSyntax.isFilter(text, LEVELS_MAX), filter(text), text);
    }
  }

  private static @Nullable String decoded(byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isString(byte[] bytes) {
    try {
      return Utf8.checked(bytes) != null;
    } catch (MalformedPacket e) {
      return false;
    }
  }

  private static boolean isName(byte[] bytes) {
    try {
      TopicSyntax.checkName(bytes, LEVELS_MAX);
      return true;
    } catch (MalformedPacket e) {
      return false;
    }
  }

  private static boolean plainName(String text) {
    return !text.isEmpty()
        && !text.contains("+")
        && !text.contains("#")
        && text.split("/", -1).length <= LEVELS_MAX;
  }

  private static boolean filter(String text) {
    if (text.equals("$share")) {
      // Stricter than MQTT, which knows it as a topic like others: it is surely meant otherwise.
      return false;
    }
    if (!text.startsWith("$share/")) {
      return plainFilter(text);
    }
    var shared = SHARED.matcher(text);
    return shared.matches() && plainFilter(shared.group(1));
  }

  private static boolean plainFilter(String text) {
    var levels = text.split("/", -1);
    boolean whole =
        Arrays.stream(levels)
            .allMatch(
                level ->
                    level.equals("+")
                        || level.equals("#")
                        || (!level.contains("+") && !level.contains("#")));
    boolean last = Arrays.stream(levels, 0, levels.length - 1).noneMatch("#"::equals);
    return !text.isEmpty() && whole && last && levels.length <= LEVELS_MAX;
  }

  private static void agree(String what, boolean ours, boolean plain, String text) {
    if (ours != plain) {
      throw new AssertionError("'" + text + "' is " + (ours ? "" : "not ") + what + " to us");
    }
  }
}
