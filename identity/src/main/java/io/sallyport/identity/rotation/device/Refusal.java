package io.sallyport.identity.rotation.device;

/** Why a door did not open, as the device could tell. */
public enum Refusal {
  /** Nobody answered, or the connection broke; it says nothing about the credential. */
  UNREACHABLE,
  /** The server refused the credential, or the device by it. */
  REFUSED,
  /** The server said that the certificate has expired (alert 45 of RFC 8446, section 6.2). */
  EXPIRED
}
