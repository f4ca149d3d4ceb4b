package io.sallyport.control.rest;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Proves the one key that there is, by the certificate that fits the name of the call. A key store
 * would do too, but none takes a key that lives in a token of another provider.
 */
final class OneKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "https";
  private static final String NAMED = "named";

  private final HttpsCredentials credentials;

  OneKey(HttpsCredentials credentials) {
    this.credentials = credentials;
  }

  private @Nullable String alias(String keyType) {
    return keyType.equals(credentials.key().getAlgorithm()) ? ALIAS : null;
  }

  /** Whether the client calls us by a name that has a certificate of its own (RFC 6066, 3). */
  private boolean isNamed(@Nullable SSLEngine engine) {
    return engine != null
        && engine.getHandshakeSession() instanceof ExtendedSSLSession session
        && session.getRequestedServerNames().stream()
            .anyMatch(
                name ->
                    name instanceof SNIHostName host && credentials.isNamed(host.getAsciiName()));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    var alias = alias(keyType);
    return alias != null && isNamed(engine) ? NAMED : alias;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return Arrays.stream(keyType).anyMatch(type -> alias(type) != null) ? ALIAS : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    if (NAMED.equals(alias)) {
      return credentials.namedChain().toArray(X509Certificate[]::new);
    }
    return ALIAS.equals(alias) ? credentials.chain().toArray(X509Certificate[]::new) : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return ALIAS.equals(alias) || NAMED.equals(alias) ? credentials.key() : null;
  }
}
