package io.sallyport.identity.issuance;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * The key of an authority that cannot be opened here now. What the authority signed is known by its
 * certificate; whoever would sign with this is refused by the provider, as {@link
 * IssuanceUnavailable}.
 */
final class MissingKey implements PrivateKey {
  private static final long serialVersionUID = 1L;

  static final MissingKey INSTANCE = new MissingKey();

  private MissingKey() {}

  @Override
  public String getAlgorithm() {
    return "EC";
  }

  /** None: there is no key. */
  @Override
  public @Nullable String getFormat() {
    return null;
  }

  /** Nothing: there is no key. */
  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("no key");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("no key");
  }

  @Override
  public String toString() {
    return "MissingKey";
  }
}
