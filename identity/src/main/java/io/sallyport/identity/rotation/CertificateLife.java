package io.sallyport.identity.rotation;

import java.time.Duration;
import java.time.Instant;

/**
 * What of a certificate and its key says when they are to be replaced.
 *
 * @param notBefore when it begins to be valid
 * @param notAfter when it ends, later than the beginning
 * @param keySince when the key was first certified; the beginning, unless a key was certified again
 * @param messages how many messages the key has protected, as {@link CertificateUse} counts them
 * @param bytes how many bytes the key has protected
 */
public record CertificateLife(
    Instant notBefore, Instant notAfter, Instant keySince, long messages, long bytes) {
  /** Refuses, with {@link IllegalArgumentException}, a life that ends before it begins. */
  public CertificateLife {
    if (!notAfter.isAfter(notBefore) || messages < 0 || bytes < 0) {
      throw new IllegalArgumentException("a certificate's life is positive, as its uses are");
    }
  }

  /** That of a certificate whose key is as old as it is, and whose uses are not counted. */
  public static CertificateLife of(Instant notBefore, Instant notAfter) {
    return new CertificateLife(notBefore, notAfter, notBefore, 0, 0);
  }

  /** How long it is valid altogether. */
  public Duration length() {
    return Duration.between(notBefore, notAfter);
  }
}
