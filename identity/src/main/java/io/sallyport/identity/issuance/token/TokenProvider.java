package io.sallyport.identity.issuance.token;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys in tokens usable wherever the JDK takes a private key: TLS, certificates, lists. It
 * serves no other key, so that nothing else of the process changes.
 */
final class TokenProvider extends Provider {
  private static final long serialVersionUID = 1L;
  private static final String NAME = "SallyportToken";

  private TokenProvider() {
    super(NAME, "1", "signatures by keys in PKCS #11 tokens");
    Map.of(
            "SHA256withECDSA", "SHA-256",
            "SHA256withECDSAinP1363Format", "SHA-256",
            "SHA384withECDSA", "SHA-384",
            "SHA512withECDSA", "SHA-512")
        .forEach((algorithm, hash) -> putService(new Signing(this, algorithm, hash)));
  }

  /** Once for the process. */
  static void install() {
    if (Security.getProvider(NAME) == null) {
      Security.addProvider(new TokenProvider());
    }
  }

  private static final class Signing extends Service {
    private final String hash;

    Signing(Provider provider, String algorithm, String hash) {
      super(provider, "Signature", algorithm, TokenSignature.class.getName(), List.of(), Map.of());
      this.hash = hash;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new TokenSignature(getAlgorithm(), hash);
    }

    @Override
    public boolean supportsParameter(@Nullable Object key) {
      return key instanceof TokenKey;
    }
  }
}
