package io.sallyport.app.configuration;

/**
 * A configuration file that is not taken; the message names the file, the place and the next step.
 */
public final class MalformedConfiguration extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedConfiguration(String where, String what) {
    super(where + ": " + what);
  }
}
