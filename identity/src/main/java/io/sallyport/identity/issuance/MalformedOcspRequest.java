package io.sallyport.identity.issuance;

/** Bytes that are no status request, or one that no honest client sends. */
public final class MalformedOcspRequest extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedOcspRequest(String message) {
    super(message, null, false, false);
  }
}
