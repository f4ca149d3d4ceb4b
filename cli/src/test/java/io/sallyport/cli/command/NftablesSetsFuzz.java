package io.sallyport.cli.command;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a server calls a ban, the script for the firewall holds addresses and times alone. */
class NftablesSetsFuzz {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ELEMENTS =
      Pattern.compile(
          "add element inet sallyport banned[46] "
              + "\\{ [0-9A-Fa-f.:/]+ timeout [0-9]+s(, [0-9A-Fa-f.:/]+ timeout [0-9]+s)* }");
  private static final int HEAD = 5;

  @FuzzTest
  void theScriptHoldsNothingElse(byte[] bytes) {
    List<String> script;
    try {
      script = NftablesSets.of(List.of(new Answer(JSON.readTree(bytes))));
    } catch (JacksonException | Failure e) {
      return;
    }
    for (var line : script.subList(HEAD, script.size())) {
      if (!ELEMENTS.matcher(line).matches()) {
        throw new AssertionError("a line for a firewall: " + line);
      }
    }
  }
}
