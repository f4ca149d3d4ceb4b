package io.sallyport.identity.issuance;

/** An answer about a certificate that proves nothing. */
public final class OcspAnswerRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason in a few words, fit for a log. */
  public OcspAnswerRefused(String why) {
    super(why);
  }
}
