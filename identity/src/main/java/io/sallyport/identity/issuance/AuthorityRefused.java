package io.sallyport.identity.issuance;

/** The authorities' files do not allow what was asked, and why. */
public final class AuthorityRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** Closed, so that whoever reports it thinks of each. */
  public enum Reason {
    /** There are authorities already; they are never overwritten. */
    ALREADY_EXISTS,
    /** There are no authorities, or a file of theirs is missing. */
    MISSING,
    /** Somebody else than the owner may read or write the files. */
    UNSAFE_MODE,
    /** The passphrase is wrong, or a sealed key was changed. */
    SEAL_BROKEN,
    /** A certificate cannot be read, or does not stand below the root as it must. */
    BROKEN_CHAIN,
    /** A private key is not that of its certificate. */
    KEY_MISMATCH,
    /** The root key was forgotten here; it must be imported first. */
    ROOT_KEY_ABSENT,
    /** The root key was never exported, so forgetting it would lose it. */
    NOT_EXPORTED,
    /** Keys are in a token, and the configuration names none. */
    KEYS_IN_TOKEN,
    /** Keys are in files, and the configuration names a token. */
    KEYS_IN_FILES,
    /** A certificate that was brought is not one that this installation asked for, or not good. */
    NOT_OURS
  }

  private final Reason reason;

  AuthorityRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
