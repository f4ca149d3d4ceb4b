package io.sallyport.identity.issuance.token;

/** Why a token does not serve; closed, and in the message of every refusal. */
public enum TokenTrouble {
  /** No slot has a token of that label: pulled out, moved, or its machine is gone. */
  ABSENT,
  /** The PIN cannot be had now: its file is gone, or open to others. */
  PIN_UNREADABLE,
  /** The PIN is wrong. It is never given a second time by the same process. */
  PIN_REFUSED,
  /** The token says that one more wrong PIN would lock it; that one is not ours. */
  PIN_FINAL_TRY,
  /** The token is locked. */
  LOCKED,
  /** There is no key of that name in it. */
  KEY_MISSING,
  /** There is a key of that name already, and none is overwritten. */
  KEY_EXISTS,
  /** The library or the token answers with an error. */
  BROKEN,
  /** Too many signatures are under way. */
  BUSY;

  /** Whether only a person can change it, so that trying again would do harm. */
  boolean isFinal() {
    return this == PIN_REFUSED || this == PIN_FINAL_TRY || this == LOCKED;
  }
}
