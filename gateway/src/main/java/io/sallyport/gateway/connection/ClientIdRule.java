package io.sallyport.gateway.connection;

import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import org.jspecify.annotations.Nullable;

/**
 * Which client ids a principal may use: its own id, or one that begins with it and a colon where
 * several connections are allowed. A client id chooses the session and fills policy variables, so
 * it is never the client's to invent.
 */
final class ClientIdRule {
  private static final int LENGTH_MAX = 128;

  private final TrustState trust;

  ClientIdRule(TrustState trust) {
    this.trust = trust;
  }

  /** Why the client id is refused, for an operator's eyes; null if it is not. */
  @Nullable String refusal(PrincipalId id, String clientId, boolean severalConnections) {
    if (clientId.equals(id.value())) {
      return null;
    }
    if (!severalConnections || !clientId.startsWith(id.value() + ":")) {
      return "client id is not the principal's";
    }
    if (clientId.length() > LENGTH_MAX || hasForbidden(clientId)) {
      return "client id has a forbidden character or is too long";
    }
    if (belongsToAnother(id, clientId)) {
      return "client id belongs to another principal";
    }
    return null;
  }

  /** Wildcards, level separators and control characters must not reach a policy variable. */
  private static boolean hasForbidden(String clientId) {
    return clientId.chars().anyMatch(c -> "+#*?$/".indexOf(c) >= 0 || c < 0x20 || c >= 0x7F);
  }

  /** Ids may hold colons: {@code a:b} is not {@code a}'s to use if there is a principal of it. */
  private boolean belongsToAnother(PrincipalId id, String clientId) {
    for (int end = id.value().length() + 1; end <= clientId.length(); end++) {
      boolean border = end == clientId.length() || clientId.charAt(end) == ':';
      var prefix = clientId.substring(0, end);
      if (border && PrincipalId.isValid(prefix) && trust.find(new PrincipalId(prefix)) != null) {
        return true;
      }
    }
    return false;
  }
}
