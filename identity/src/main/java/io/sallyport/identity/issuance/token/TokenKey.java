package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.KeyElsewhere;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;

/** The name of a private key in a token; holds nothing secret, and outlives the token's absence. */
final class TokenKey extends KeyElsewhere implements ECKey {
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
  public String toString() {
    return "TokenKey[" + label + "]";
  }
}
