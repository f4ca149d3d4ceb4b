package io.sallyport.identity.issuance;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/** A private key of P-256 or P-384 that is not here: nothing of it can be read or written down. */
public abstract class KeyElsewhere implements PrivateKey {
  private static final long serialVersionUID = 1L;

  @Override
  public final String getAlgorithm() {
    return "EC";
  }

  /** None: it cannot be taken out. */
  @Override
  public final @Nullable String getFormat() {
    return null;
  }

  /** Nothing: it cannot be taken out. */
  @Override
  public final byte @Nullable [] getEncoded() {
    return null;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key that is not here");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a key that is not here");
  }
}
