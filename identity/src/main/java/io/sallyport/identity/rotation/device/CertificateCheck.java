package io.sallyport.identity.rotation.device;

/**
 * What a device finds when it looks at a new certificate. Its clock is not asked: the key was made
 * a moment ago, so that no certificate for it can be an old one; and a clock that stands wrong
 * would refuse each that follows, until none is left. The first connection is the proof.
 */
public enum CertificateCheck {
  GOOD,
  /** It is for another key. */
  OTHER_KEY,
  /** It names another device. */
  OTHER_NAME,
  /** Its issuer is not among those that the device trusts. */
  UNTRUSTED_ISSUER,
  /** It cannot be read, or is no certificate of a client. */
  UNUSABLE
}
