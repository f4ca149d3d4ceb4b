package io.sallyport.identity.issuance;

/** A sealed key did not open: the passphrase is wrong, or the file was changed or damaged. */
public final class SealBroken extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public SealBroken(String message) {
    super(message);
  }
}
