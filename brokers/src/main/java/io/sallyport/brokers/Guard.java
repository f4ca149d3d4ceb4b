package io.sallyport.brokers;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what at Artemis: whoever has the password may do everything; who shows a certificate
 * instead may send only to addresses below its own name, unless it is a backend.
 */
final class Guard implements ActiveMQSecurityManager5 {
  private final @Nullable String password;

  Guard(@Nullable String password) {
    this.password = password;
  }

  @Override
  public boolean validateUser(String user, String given) {
    return password != null && password.equals(given);
  }

  @Override
  public boolean validateUserAndRole(
      String user, String given, Set<Role> roles, CheckType checkType) {
    return validateUser(user, given);
  }

  @Override
  public @Nullable Subject authenticate(
      String user, String given, RemotingConnection connection, String domain) {
    if (validateUser(user, given)) {
      return subject(new UserPrincipal(user));
    }
    X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
    if (chain == null || chain.length == 0) {
      return null;
    }
    var shown = chain[0].getSubjectX500Principal();
    return subject(new UserPrincipal(commonName(shown)), shown);
  }

  private static Subject subject(Principal... principals) {
    return new Subject(true, Set.of(principals), Set.of(), Set.of());
  }

  @Override
  public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
    var shown = subject.getPrincipals(X500Principal.class);
    if (shown.isEmpty() || check != CheckType.SEND) {
      return true;
    }
    var name = commonName(shown.iterator().next());
    return address.startsWith("devices." + name + ".") || name.startsWith("backend");
  }

  private static String commonName(X500Principal principal) {
    try {
      return new LdapName(principal.getName()).getRdn(0).getValue().toString();
    } catch (InvalidNameException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
