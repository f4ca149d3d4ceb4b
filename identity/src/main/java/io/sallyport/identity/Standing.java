package io.sallyport.identity;

/** Whether a principal may be let in at all, whatever its certificates say. */
public enum Standing {
  /** May connect with an active certificate. */
  ACTIVE,
  /** Cut off until reinstated; its certificates stay valid. */
  QUARANTINED,
  /** Cut off for good; its certificates are revoked. */
  REVOKED
}
