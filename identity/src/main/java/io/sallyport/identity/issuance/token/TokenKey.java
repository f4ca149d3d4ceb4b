package io.sallyport.identity.issuance.token;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import org.jspecify.annotations.Nullable;

/** The name of a private key in a token; holds nothing secret, and outlives the token's absence. */
final class TokenKey implements PrivateKey, ECKey {
  private static final long serialVersionUID = 1L;

  private final transient Token token;
  private final transient String label;
  private final transient ECPublicKey publicKey;

  TokenKey(Token token, String label, ECPublicKey publicKey) {
    this.token = token;
    this.label = label;
    this.publicKey = publicKey;
  }

  Token token() {
    return token;
  }

  String label() {
    return label;
  }

  ECPublicKey publicKey() {
    return publicKey;
  }

  @Override
  public ECParameterSpec getParams() {
    return publicKey.getParams();
  }

  @Override
  public String getAlgorithm() {
    return "EC";
  }

  /** None: it cannot be taken out. */
  @Override
  public @Nullable String getFormat() {
    return null;
  }

  /** Nothing: it cannot be taken out. */
  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key in a token");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("a key in a token");
  }

  @Override
  public String toString() {
    return "TokenKey[" + label + "]";
  }
}
