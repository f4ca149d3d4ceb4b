package io.sallyport.identity.rotation;

/** Why a credential is to be replaced, the most pressing first. */
public enum RotationCause {
  /** An operator wants it. */
  DEMAND,
  /** The certificate ends soon. */
  EXPIRY,
  /** The key has been in use for long, whatever its certificates say. */
  KEY_AGE,
  /** The key has protected so many messages. */
  MESSAGES,
  /** The key has protected so many bytes. */
  BYTES
}
