package io.sallyport.identity.rotation.device;

import io.sallyport.identity.rotation.device.RotationStage.Idle;
import io.sallyport.identity.rotation.device.RotationStage.Making;
import io.sallyport.identity.rotation.device.RotationStage.Proven;
import io.sallyport.identity.rotation.device.RotationStage.Requesting;
import io.sallyport.identity.rotation.device.RotationStage.Trying;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a device remembers, as lines of text: a word, an equals sign, a value. */
public final class RotationText {
  private static final String FORM = "form";
  private static final String FORM_NOW = "1";
  private static final String KEYS = "keys";
  private static final String WORKING = "working";
  private static final String STAGE = "stage";
  private static final String GENERATION = "generation";
  private static final String ASK = "ask";
  private static final String NEXT = "next";
  private static final String DONE = "done";

  private RotationText() {}

  /** The text of a state; {@link #parse} returns the same state. */
  public static String of(DeviceRotation state) {
    var lines = new LinkedHashMap<String, String>();
    lines.put(FORM, FORM_NOW);
    lines.put(
        KEYS,
        state.keys().newestFirst().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    lines.put(WORKING, Long.toString(state.keys().working()));
    lines.put(STAGE, word(state.stage()));
    generation(state.stage()).ifPresent(one -> lines.put(GENERATION, Long.toString(one)));
    ask(state.stage()).ifPresent(one -> lines.put(ASK, text(one)));
    lines.put(NEXT, Long.toString(state.next()));
    state.done().ifPresent(one -> lines.put(DONE, text(one)));
    return lines.entrySet().stream()
        .map(line -> line.getKey() + "=" + line.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * The state of a text.
   *
   * @throws MalformedRotation if it is not one that {@link #of} writes
   */
  public static DeviceRotation parse(String text) throws MalformedRotation {
    try {
      var lines = lines(text);
      if (!FORM_NOW.equals(lines.get(FORM))) {
        throw new IllegalArgumentException("this form is not known here");
      }
      var newestFirst = Stream.of(required(lines, KEYS).split(" ")).map(Long::valueOf).toList();
      var state =
          new DeviceRotation(
              new Keyring(newestFirst, Long.parseLong(required(lines, WORKING))),
              stage(lines),
              Long.parseLong(required(lines, NEXT)),
              ask(lines, DONE));
      if (!of(state).equals(text)) {
        throw new IllegalArgumentException("there is more in it than belongs there");
      }
      return state;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedRotation(e);
    }
  }

  private static Map<String, String> lines(String text) {
    return text.lines()
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.toMap(
                line -> line[0],
                line -> line.length == 2 ? line[1] : "",
                (one, other) -> {
                  throw new IllegalArgumentException("a word is there twice");
                }));
  }

  private static String required(Map<String, String> lines, String word) {
    var value = lines.get(word);
    if (value == null) {
      throw new IllegalArgumentException("there is no '" + word + "'");
    }
    return value;
  }

  private static String word(RotationStage stage) {
    return switch (stage) {
      case Idle _ -> "idle";
      case Making _ -> "making";
      case Requesting _ -> "requesting";
      case Trying _ -> "trying";
      case Proven _ -> "proven";
    };
  }

  private static RotationStage stage(Map<String, String> lines) {
    return switch (required(lines, STAGE)) {
      case "idle" -> new Idle();
      case "making" -> new Making(ask(lines, ASK), Long.parseLong(required(lines, GENERATION)));
      case "requesting" ->
          new Requesting(ask(lines, ASK), Long.parseLong(required(lines, GENERATION)));
      case "trying" -> new Trying(ask(lines, ASK));
      case "proven" -> new Proven();
      default -> throw new IllegalArgumentException("this stage is not known here");
    };
  }

  private static OptionalLong generation(RotationStage stage) {
    return switch (stage) {
      case Making making -> OptionalLong.of(making.generation());
      case Requesting requesting -> OptionalLong.of(requesting.generation());
      case Idle _, Trying _, Proven _ -> OptionalLong.empty();
    };
  }

  private static Optional<Ask> ask(RotationStage stage) {
    return switch (stage) {
      case Making making -> making.ask();
      case Requesting requesting -> requesting.ask();
      case Trying trying -> trying.next();
      case Idle _, Proven _ -> Optional.empty();
    };
  }

  private static String text(Ask ask) {
    return String.join(
        " ", List.of(ask.nonce(), ask.asked().toString(), ask.rotateBy().toString()));
  }

  private static Optional<Ask> ask(Map<String, String> lines, String word) {
    var value = lines.get(word);
    if (value == null) {
      return Optional.empty();
    }
    var parts = value.split(" ", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + word + "' has three parts");
    }
    return Optional.of(new Ask(parts[0], Instant.parse(parts[1]), Instant.parse(parts[2])));
  }
}
