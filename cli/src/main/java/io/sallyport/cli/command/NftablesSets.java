package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Bans as a table of nftables with a set for each family, whose elements end by themselves. */
final class NftablesSets {
  // It becomes part of a script that runs as root.
  private static final Pattern SOURCE = Pattern.compile("[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?");

  private NftablesSets() {}

  /** The lines of a script for nft. */
  static List<String> of(List<Answer> bans) {
    var v4 = new ArrayList<String>();
    var v6 = new ArrayList<String>();
    for (var ban : bans) {
      var source = ban.text("source");
      if (!SOURCE.matcher(source).matches()) {
        throw Failure.unavailable("the server names a source that is no address");
      }
      // An element without time would stay for ever.
      long seconds = Math.max(1, ban.number("secondsLeft"));
      (source.contains(":") ? v6 : v4).add(source + " timeout " + seconds + "s");
    }
    var lines =
        new ArrayList<>(
            List.of(
                "add table inet sallyport",
                "add set inet sallyport banned4 { type ipv4_addr; flags timeout; }",
                "add set inet sallyport banned6 { type ipv6_addr; flags interval, timeout; }",
                "flush set inet sallyport banned4",
                "flush set inet sallyport banned6"));
    add(lines, "banned4", v4);
    add(lines, "banned6", v6);
    return lines;
  }

  private static void add(List<String> lines, String set, List<String> elements) {
    if (!elements.isEmpty()) {
      lines.add("add element inet sallyport " + set + " { " + String.join(", ", elements) + " }");
    }
  }
}
