package io.sallyport.cli.top;

import io.sallyport.cli.terminal.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A terminal that is drawn on, key by key: on its other screen, without cursor and echo. Whatever
 * ends the process, the terminal is as it was.
 */
final class LiveTerminal implements AutoCloseable {
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String TO_LINE_END = "\u001b[K";
  private static final String TO_END = "\u001b[J";
  private static final int STTY_SECONDS_MAX = 2;
  private static final int ROWS = 24;
  private static final int COLUMNS = 80;

  private final Terminal terminal;
  private final String before;
  private final Thread restorer = new Thread(this::restore, "terminal");
  private boolean restored;

  LiveTerminal(Terminal terminal) {
    this.terminal = terminal;
    this.before = stty("-g");
    Runtime.getRuntime().addShutdownHook(restorer);
    stty("-icanon", "-echo", "min", "0", "time", "0");
    terminal.out().print(ENTER);
    terminal.out().flush();
  }

  /** Rows and columns as they are now. */
  int[] size() {
    var words = stty("size").split(" ", -1);
    try {
      int rows = Integer.parseInt(words[0]);
      int columns = Integer.parseInt(words[words.length - 1]);
      return rows > 0 && columns > 0 ? new int[] {rows, columns} : new int[] {ROWS, COLUMNS};
    } catch (NumberFormatException _) {
      return new int[] {ROWS, COLUMNS};
    }
  }

  /** Draws lines that are safe to print over what was there. */
  void draw(List<String> lines) {
    var screen = new StringBuilder(HOME);
    for (int i = 0; i < lines.size(); i++) {
      screen.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(TO_LINE_END);
    }
    terminal.out().print(screen.append(TO_END));
    terminal.out().flush();
  }

  /** The key that was pressed, or 0 for none. */
  int key() {
    try {
      return terminal.in().available() > 0 ? terminal.in().read() : 0;
    } catch (IOException _) {
      // Its terminal is gone.
      return 'q';
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException _) {
      // The process ends already, and restored it.
      return;
    }
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      terminal.out().print(LEAVE);
      terminal.out().flush();
      if (!before.isEmpty()) {
        stty(before);
      }
    }
  }

  /** Runs the program that every Unix has; nothing if it is not there or says no. */
  private static String stty(String... words) {
    var command = new ArrayList<String>();
    command.add("stty");
    command.addAll(List.of(words));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/tty"))
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (!process.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      return process.exitValue() == 0 ? said.strip() : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
