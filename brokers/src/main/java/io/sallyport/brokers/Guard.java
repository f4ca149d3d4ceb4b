package io.sallyport.brokers;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Set;
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
 * instead may do what the rules give its name.
 */
final class Guard implements ActiveMQSecurityManager5 {
  private final @Nullable String password;
  private final Rules rules;

  Guard(@Nullable String password, Rules rules) {
    this.password = password;
    this.rules = rules;
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
    return subject(new UserPrincipal(Certificates.commonName(shown)), shown);
  }

  private static Subject subject(Principal... principals) {
    return new Subject(true, Set.of(principals), Set.of(), Set.of());
  }

  @Override
  public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
    var shown = subject.getPrincipals(X500Principal.class);
    if (shown.isEmpty()) {
      return true;
    }
    var name = Certificates.commonName(shown.iterator().next());
    var topic = topic(address);
    return switch (check) {
      case SEND -> rules.mayWrite(name, topic);
      // Who may write to an address makes it by doing so.
      case CREATE_ADDRESS, DELETE_ADDRESS ->
          rules.mayWrite(name, topic) || rules.mayRead(name, topic);
      default -> rules.mayRead(name, topic);
    };
  }

  /** The MQTT topic or filter of an address, which may have the name of a queue behind it. */
  private static String topic(String address) {
    var queue = address.indexOf("::");
    var plain = queue < 0 ? address : address.substring(0, queue);
    return plain.replace('.', '/').replace('*', '+');
  }
}
