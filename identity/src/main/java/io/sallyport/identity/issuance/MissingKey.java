package io.sallyport.identity.issuance;

/**
 * The key of an authority that cannot be opened here now. What the authority signed is known by its
 * certificate; whoever would sign with this is refused by the provider, as {@link
 * IssuanceUnavailable}.
 */
final class MissingKey extends KeyElsewhere {
  private static final long serialVersionUID = 1L;

  static final MissingKey INSTANCE = new MissingKey();

  private MissingKey() {}

  @Override
  public String toString() {
    return "MissingKey";
  }
}
