package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes of {@code ca/} and of what the registry keeps the authorities that are in force. The
 * registry is not believed: every root must be certified by the one before it, back to that of
 * {@code ca/}, and every devices CA by one of those.
 */
final class AuthorityHistory {
  private final X509Certificate firstRoot;
  private final List<StoredAuthority> stored;
  private final Map<Integer, X509Certificate> roots = new TreeMap<>();

  AuthorityHistory(X509Certificate firstRoot, List<StoredAuthority> stored) {
    this.firstRoot = firstRoot;
    this.stored =
        stored.stream().sorted(Comparator.comparingInt(StoredAuthority::generation)).toList();
  }

  /**
   * All of it, ready to sign.
   *
   * @param first what is in {@code ca/}
   */
  AuthorityLine line(AuthorityLine first, SuccessorKeys keys) throws AuthorityRefused {
    return line(first, keys::opened);
  }

  /**
   * The same as far as no key has to be opened: those that are in hand stay, and what has none is
   * known and signs nothing.
   *
   * @param before what is in force until now
   */
  AuthorityLine lineOfKeysInHand(AuthorityLine first, AuthorityLine before)
      throws AuthorityRefused {
    return line(first, (_, certificate) -> inHand(before, certificate));
  }

  private static PrivateKey inHand(AuthorityLine before, X509Certificate certificate) {
    return before.devices().stream()
        .map(Generation::authority)
        .filter(one -> one.certificate().getPublicKey().equals(certificate.getPublicKey()))
        .map(CertificateAuthority::key)
        .findFirst()
        .orElse(MissingKey.INSTANCE);
  }

  /** Where the key of a devices CA that followed is found, for its certificate. */
  private interface KeySource {
    PrivateKey keyOf(StoredAuthority one, X509Certificate certificate) throws AuthorityRefused;
  }

  private AuthorityLine line(AuthorityLine first, KeySource keys) throws AuthorityRefused {
    walkRoots();
    var trusted = trusted();
    var devices = new ArrayList<Generation>();
    devices.add(generation(first.devices().getFirst().authority(), trusted));
    for (var one : stored) {
      if (one.name() == AuthorityName.DEVICES
          && one.generation() > 1
          && one.standing() != AuthorityStanding.REQUESTED
          && !wasOnlyAskedFor(one)) {
        devices.add(generation(opened(one, keys), trusted));
      }
    }
    requireOneActive(devices);
    var servers = generation(first.servers(), trusted);
    return new AuthorityLine(
        trusted.stream().map(this::root).toList(), links(trusted), devices, servers.authority());
  }

  /** Given up before it had a certificate: there is nothing of it to know. */
  private static boolean wasOnlyAskedFor(StoredAuthority one) {
    return one.standing() == AuthorityStanding.RETIRED && one.certificates().isEmpty();
  }

  /** The roots that are trusted, the active one first; for this no key is needed. */
  List<X509Certificate> trustedRoots() throws AuthorityRefused {
    walkRoots();
    return trusted().stream().map(this::root).toList();
  }

  private List<Integer> trusted() throws AuthorityRefused {
    var active = activeRoot();
    var trusted = new ArrayList<>(List.of(active));
    roots.keySet().stream()
        .filter(number -> number != active && standing(AuthorityName.ROOT, number).isTrusted())
        .forEach(trusted::add);
    return trusted;
  }

  /**
   * Each root leads to one of those before it; what ended by a gap would be anybody's. It need not
   * be the last one, which may have been given up before it was active.
   */
  private void walkRoots() throws AuthorityRefused {
    roots.put(1, firstRoot);
    for (var one : stored) {
      if (one.name() == AuthorityName.ROOT && one.generation() > 1) {
        var self = one.certificates().get(one.generation());
        if (self == null
            || !CeremonyRules.verifies(self, self.getPublicKey())
            || self.getBasicConstraints() < 1
            || roots.keySet().stream().noneMatch(before -> leadsTo(before, one, self))) {
          throw broken("root " + one.generation() + " is not certified by one before it");
        }
        roots.put(one.generation(), self);
      }
    }
  }

  private boolean leadsTo(int before, StoredAuthority one, X509Certificate self) {
    var link = one.certificates().get(before);
    return link != null
        && link.getPublicKey().equals(self.getPublicKey())
        && CeremonyRules.verifies(link, root(before).getPublicKey())
        && link.getBasicConstraints() >= 1;
  }

  private int activeRoot() throws AuthorityRefused {
    var active =
        roots.keySet().stream()
            .filter(number -> standing(AuthorityName.ROOT, number) == AuthorityStanding.ACTIVE)
            .toList();
    if (active.size() != 1) {
      throw broken("one root must be active, not " + active.size());
    }
    return active.getFirst();
  }

  /** What the registry has nothing of was never followed by another. */
  private AuthorityStanding standing(AuthorityName name, int generation) {
    return find(name, generation)
        .map(StoredAuthority::standing)
        .orElse(generation == 1 ? AuthorityStanding.ACTIVE : AuthorityStanding.RETIRED);
  }

  private Optional<StoredAuthority> find(AuthorityName name, int generation) {
    return stored.stream()
        .filter(one -> one.name() == name && one.generation() == generation)
        .findFirst();
  }

  private X509Certificate root(int number) {
    var found = roots.get(number);
    if (found == null) {
      throw new IllegalStateException("no root " + number);
    }
    return found;
  }

  private List<X509Certificate> links(List<Integer> trusted) throws AuthorityRefused {
    var links = new ArrayList<X509Certificate>();
    for (var to : trusted) {
      for (var by : trusted) {
        var link =
            to.equals(by)
                ? Optional.<X509Certificate>empty()
                : find(AuthorityName.ROOT, to).map(one -> one.certificates().get(by));
        if (link.isPresent()) {
          if (!CeremonyRules.verifies(link.get(), root(by).getPublicKey())
              || !link.get().getPublicKey().equals(root(to).getPublicKey())) {
            throw broken("the link to root " + to + " is not signed by root " + by);
          }
          links.add(link.get());
        }
      }
    }
    return links;
  }

  private CertificateAuthority opened(StoredAuthority one, KeySource keys) throws AuthorityRefused {
    var certificate =
        one.certificates().values().stream()
            .findFirst()
            .orElseThrow(() -> broken(one + " has no certificate"));
    var key = keys.keyOf(one, certificate);
    return new CertificateAuthority(AuthorityName.DEVICES, one.generation(), certificate, key);
  }

  /** An issuing authority with its certificates by the roots that are trusted. */
  private Generation generation(CertificateAuthority authority, List<Integer> trusted)
      throws AuthorityRefused {
    var standing = standing(authority.name(), authority.generation());
    var all = new TreeMap<Integer, X509Certificate>();
    if (authority.generation() == 1) {
      all.put(1, authority.certificate());
    }
    find(authority.name(), authority.generation()).ifPresent(one -> all.putAll(one.certificates()));
    var certificates = new ArrayList<X509Certificate>();
    for (var entry : all.entrySet()) {
      requireCertified(authority, entry.getValue(), entry.getKey());
    }
    for (var number : trusted) {
      var certificate = all.get(number);
      if (certificate != null) {
        certificates.add(certificate);
      }
    }
    if (certificates.isEmpty() && standing.isTrusted()) {
      throw broken(
          authority.name().commonName(authority.generation())
              + " leads to no root that is trusted");
    }
    if (certificates.isEmpty()) {
      certificates.addAll(all.values());
    }
    return new Generation(authority.certifiedAs(certificates.getFirst()), standing, certificates);
  }

  private void requireCertified(
      CertificateAuthority authority, X509Certificate certificate, int root)
      throws AuthorityRefused {
    var by = roots.get(root);
    var name = authority.name().commonName(authority.generation());
    if (by == null) {
      throw broken(name + " was certified by a root that is not ours");
    }
    if (!certificate.getPublicKey().equals(authority.certificate().getPublicKey())) {
      throw broken("a certificate of " + name + " is of another key");
    }
    AuthorityChain.require(Map.of(AuthorityName.ROOT, by, authority.name(), certificate));
  }

  private static void requireOneActive(List<Generation> devices) throws AuthorityRefused {
    var active = devices.stream().filter(one -> one.standing() == AuthorityStanding.ACTIVE).count();
    if (active != 1) {
      throw broken("one devices CA must be active, not " + active);
    }
  }

  private static AuthorityRefused broken(String why) {
    return new AuthorityRefused(Reason.BROKEN_CHAIN, "the registry's authorities: " + why);
  }
}
