package io.sallyport.app.process;

import io.sallyport.control.Control;
import org.slf4j.LoggerFactory;

/**
 * Loads the libraries of a server while its command line and its configuration are read: the
 * machines that a server runs on have more than one core, and a start should need them.
 */
public final class HeadStart {
  private HeadStart() {}

  /** Begins, and nobody waits for it: what is not loaded yet is loaded by whoever needs it. */
  public static void begin() {
    Thread.ofPlatform().daemon().name("head-start").start(HeadStart::load);
  }

  private static void load() {
    LoggerFactory.getILoggerFactory();
    Control.prepare();
  }
}
