package io.sallyport.app.demo;

import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Terminal;

/** Tells what each station of the tour found, and remembers whether all held. */
final class Guide {
  private final Terminal terminal;
  private boolean held = true;

  Guide(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One finding. */
  void tell(boolean found, String station, String finding) {
    held &= found;
    var mark = terminal.paint(found ? Colour.GOOD : Colour.BAD, found ? "held  " : "FAILED");
    terminal.out().printf("%s  %-22s %s%n", mark, station, finding);
  }

  /** More about the finding before. */
  void detail(String text) {
    terminal.out().printf("%-32s%s%n", "", text);
  }

  boolean allHeld() {
    return held;
  }
}
