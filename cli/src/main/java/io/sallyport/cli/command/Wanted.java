package io.sallyport.cli.command;

import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.Standing;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which devices or backends are listed; the server looks for them. */
public final class Wanted {
  @Option(
      names = "--standing",
      paramLabel = "STANDING",
      description = "Only those that are active, quarantined or revoked.")
  private @Nullable String standing;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only those of this thing type; '' for those without one.")
  private @Nullable String type;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Only those whose id begins so.")
  private @Nullable String prefix;

  @Option(
      names = "--attribute",
      paramLabel = "KEY=VALUE",
      description = "Only those with this thing attribute; may be repeated.")
  private List<String> attributes = List.of();

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "Only those with this tag; may be repeated.")
  private List<String> tags = List.of();

  /** A path of the API with these conditions in its query. */
  String of(String collection) {
    var query = new StringJoiner("&", collection + "?", "").setEmptyValue(collection);
    if (standing != null) {
      query.add("standing=" + standing(standing));
    }
    if (type != null) {
      query.add("type=" + ControlClient.segment(type));
    }
    if (prefix != null) {
      query.add("prefix=" + ControlClient.segment(prefix));
    }
    attributes.forEach(one -> query.add("attribute=" + pair("--attribute", one)));
    tags.forEach(one -> query.add("tag=" + pair("--tag", one)));
    return query.toString();
  }

  private static String pair(String option, String text) {
    if (text.indexOf('=') < 1) {
      throw Failure.badInput(option + " is KEY=VALUE, not '" + text + "'");
    }
    return ControlClient.segment(text);
  }

  private static String standing(String word) {
    return Arrays.stream(Standing.values())
        .map(standing -> standing.name().toLowerCase(Locale.ROOT))
        .filter(word.toLowerCase(Locale.ROOT)::equals)
        .findFirst()
        .orElseThrow(
            () ->
                Failure.badInput(
                    "'" + word + "' is no standing; known are active, quarantined, revoked"));
  }
}
