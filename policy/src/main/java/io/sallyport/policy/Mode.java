package io.sallyport.policy;

/** What becomes of a statement whose variable has no value. */
public enum Mode {
  /** An Allow is dead, a Deny covers every resource of that type: whoever is unknown gets less. */
  STRICT,
  /** As AWS documents it: the statement falls away, a Deny too. */
  AWS_COMPAT
}
