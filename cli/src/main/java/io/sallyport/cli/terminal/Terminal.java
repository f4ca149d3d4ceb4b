package io.sallyport.cli.terminal;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param interactive whether a person watches, so that a progress bar may redraw its line
 * @param coloured whether colours may be used
 */
public record Terminal(
    PrintStream out, PrintStream err, InputStream in, boolean interactive, boolean coloured) {

  /** The terminal of this process; colours only where a person looks and has not declined them. */
  // Null or not where there is no terminal: that depends on the JDK and its settings.
  @SuppressWarnings("SystemConsoleNull")
  public static Terminal ofProcess(Map<String, String> environment) {
    var console = System.console();
    var interactive = console != null && console.isTerminal();
    var declined =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || "dumb".equals(environment.get("TERM"));
    return new Terminal(System.out, System.err, System.in, interactive, interactive && !declined);
  }

  /** Prints one line of facts, made safe. */
  public void line(String text) {
    out.println(PlainText.line(text));
  }

  /** Prints one line of facts, made safe, in a colour where colours are wanted. */
  public void line(Colour colour, String text) {
    out.println(paint(colour, PlainText.line(text)));
  }

  /** Prints one line beside the facts (progress, warnings), made safe. */
  public void note(String text) {
    err.println(PlainText.line(text));
  }

  /** The text in a colour by its meaning, or as it is where colours are not wanted. */
  public String paint(Colour colour, String text) {
    return coloured ? colour.sequence() + text + Colour.OFF : text;
  }
}
