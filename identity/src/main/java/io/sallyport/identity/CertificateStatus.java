package io.sallyport.identity;

/** The life of one certificate in the registry; only {@link #ACTIVE} opens the gate. */
public enum CertificateStatus {
  /** Its serial is recorded, it is not signed yet (or signing was interrupted). */
  PENDING,
  ACTIVE,
  /** Switched off by an operator, may be switched on again. */
  INACTIVE,
  REVOKED,
  EXPIRED
}
