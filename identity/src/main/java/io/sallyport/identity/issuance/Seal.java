package io.sallyport.identity.issuance;

/**
 * Seals secrets that leave this machine's disk, such as those in a database that several processes
 * share: under a key of its own purpose, which comes from the passphrase of the authorities. Not a
 * record: a record would print it.
 */
public final class Seal implements AutoCloseable {
  private final SealingKey key;

  Seal(SealingKey key) {
    this.key = key;
  }

  /**
   * Seals a secret, which stays the caller's to wipe.
   *
   * @param name lower-case letters; must be given again to open it
   */
  public String seal(String name, byte[] secret) {
    return SealedKey.seal(name, secret.clone(), key).toString();
  }

  /** Opens a secret, for the caller to wipe. */
  public byte[] open(String name, String sealed) throws SealBroken {
    var parsed = SealedKey.parse(sealed);
    if (!key.fits(parsed.header())) {
      throw new SealBroken("it was sealed by other authorities, or under another passphrase");
    }
    return parsed.openSecret(name, key);
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "Seal[hidden]";
  }
}
