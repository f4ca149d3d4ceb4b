package io.sallyport.identity.issuance;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.List;
import org.bouncycastle.util.IPAddress;

/** What an end certificate is for; from it alone follow subject, names and usages. */
public sealed interface LeafProfile {
  /** A principal that opens connections to us: a device, a backend or an operator. */
  record Client(PrincipalKind kind, PrincipalId id) implements LeafProfile {}

  /** A production line, which may enrol devices and nothing else. */
  record Claim(PrincipalId name) implements LeafProfile {}

  /**
   * A server of ours, by the names and addresses under which clients reach it.
   *
   * @param addresses IPv4 and IPv6 literals; nothing is looked up
   */
  record Server(List<String> dnsNames, List<String> addresses) implements LeafProfile {
    /** Refuses, with {@link IllegalArgumentException}, what no client could reach. */
    public Server {
      dnsNames = List.copyOf(dnsNames);
      addresses = List.copyOf(addresses);
      if (dnsNames.isEmpty() && addresses.isEmpty()) {
        throw new IllegalArgumentException("a server needs a name or an address");
      }
      for (var address : addresses) {
        if (!IPAddress.isValid(address)) {
          throw new IllegalArgumentException("not an IP address: '" + address + "'");
        }
      }
    }
  }

  /** The authority that alone may sign this. */
  default AuthorityName issuer() {
    return switch (this) {
      case Client(var kind, _) ->
          switch (kind) {
            case DEVICE, BACKEND -> AuthorityName.DEVICES;
            case OPERATOR -> AuthorityName.SERVERS;
          };
      case Claim _ -> AuthorityName.DEVICES;
      case Server _ -> AuthorityName.SERVERS;
    };
  }
}
