package io.sallyport.policy.mosquitto;

import io.sallyport.policy.mosquitto.AclLine.Scope;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides as Mosquitto 2.0.11 does with an ACL file: what a translation is measured by. */
public final class MosquittoAcl {
  private final AclFile file;

  /** The decisions of this file. */
  public MosquittoAcl(AclFile file) {
    this.file = file;
  }

  /**
   * Whether the broker lets it happen.
   *
   * @param user the user name, or null for a client without one
   */
  public boolean decide(@Nullable String user, String clientId, Access access, String topic) {
    if (access == Access.SUBSCRIBE) {
      return true;
    }
    var scope = user == null ? new Scope.Anonymous() : new Scope.User(user);
    var own = verdict(file.of(scope), access, topic, filter -> filter);
    if (own != null) {
      return own;
    }
    // A user's own rules have spoken before this guard against CVE-2017-7650.
    if (isDangerous(clientId) || (user != null && isDangerous(user))) {
      return false;
    }
    var patterns =
        file.patterns().stream().filter(line -> user != null || !line.holds("%u")).toList();
    var shared = verdict(patterns, access, topic, filter -> filled(filter, user, clientId));
    return shared != null && shared;
  }

  /** What the first rule that matches says, those that deny before the others; null if none. */
  private static @Nullable Boolean verdict(
      List<AclLine> lines, Access access, String topic, UnaryOperator<String> filling) {
    Boolean verdict = null;
    for (var line : lines) {
      if (Filters.matches(filling.apply(line.filter()), topic)) {
        if (line.denies()) {
          return false;
        }
        if (line.grants().contains(access)) {
          verdict = true;
        }
      }
    }
    return verdict;
  }

  private static boolean isDangerous(String name) {
    return name.indexOf('+') >= 0 || name.indexOf('#') >= 0;
  }

  /** Fills both variables in at one go, so that a value that looks like one stays as it is. */
  private static String filled(String filter, @Nullable String user, String clientId) {
    var filled = new StringBuilder();
    int at = 0;
    while (at < filter.length()) {
      if (filter.startsWith("%c", at)) {
        filled.append(clientId);
        at += 2;
      } else if (user != null && filter.startsWith("%u", at)) {
        filled.append(user);
        at += 2;
      } else {
        filled.append(filter.charAt(at++));
      }
    }
    return filled.toString();
  }
}
