package io.sallyport.app.process;

/** Which Sallyport this is. */
public final class Version {
  public static final String TEXT = "0.1.0";

  private Version() {}
}
