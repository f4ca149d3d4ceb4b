package io.sallyport.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The load's end of the conversation with the measuring process: it says {@code ready}, answers
 * each {@code mark} with what it counted since the last one, and ends at {@code quit}, or when the
 * measuring process is gone.
 */
final class ControlLine {
  private final BufferedReader in;
  private final PrintStream out;

  ControlLine() {
    this(System.in, System.out);
  }

  ControlLine(java.io.InputStream in, PrintStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  /** Serves until told to quit. */
  void serve(Load load) throws Exception {
    say("ready");
    for (var line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      switch (line) {
        case "mark" -> say(counters(load.mark()));
        case "drain" -> say(counters(load.drain()));
        default -> throw new IOException("unknown command: " + line);
      }
    }
  }

  /** Says something out of turn; loads do so only while nobody waits for an answer. */
  void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private static String counters(Map<String, Double> counted) {
    return counted.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" ", "counted ", ""));
  }
}
