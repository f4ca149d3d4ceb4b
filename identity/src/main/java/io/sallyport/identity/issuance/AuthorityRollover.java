package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the authority that follows one of ours, as the registry is to keep it. Nothing is in force
 * by it, and what is made twice is made anew: the registry's transaction decides.
 */
public final class AuthorityRollover {
  private final AuthorityLine line;
  private final List<StoredAuthority> stored;
  private final SuccessorKeys keys;
  private final Serials serials;

  /**
   * After those authorities.
   *
   * @param current what is in force
   * @param stored what the registry keeps
   * @param keys where keys of successors are
   */
  public AuthorityRollover(
      Authorities current, List<StoredAuthority> stored, SuccessorKeys keys, Serials serials) {
    this.line = current.line();
    this.stored = List.copyOf(stored);
    this.keys = keys;
    this.serials = serials;
  }

  /** A devices CA of a new key, certified by the active root. */
  public StoredAuthority devices(OfflineRoot root, Instant now) throws CeremonyRefused {
    requireActive(root.certificate());
    var number = next(AuthorityName.DEVICES);
    var made = keys.make();
    var certificate =
        root.authority()
            .certifyIssuing(AuthorityName.DEVICES, number, made.keys().getPublic(), serials, now);
    var request = AuthorityRequest.of(AuthorityName.DEVICES, number, made.keys());
    CeremonyRules.requireIssuing(certificate, request, root.certificate(), now);
    return new StoredAuthority(
        AuthorityName.DEVICES,
        number,
        AuthorityStanding.TRUSTED,
        made.stored(),
        null,
        Map.of(activeRoot(), certificate));
  }

  /** A devices CA of a new key, which asks a root that is off line. */
  public StoredAuthority request() {
    var number = next(AuthorityName.DEVICES);
    var made = keys.make();
    return new StoredAuthority(
        AuthorityName.DEVICES,
        number,
        AuthorityStanding.REQUESTED,
        made.stored(),
        AuthorityRequest.of(AuthorityName.DEVICES, number, made.keys()).pem(),
        Map.of());
  }

  /** What was asked for, with the certificate that the active root gave for it. */
  public StoredAuthority install(
      StoredAuthority requested, X509Certificate certificate, Instant now)
      throws AuthorityRefused, CeremonyRefused {
    var pem = requested.request();
    if (pem == null || requested.standing() != AuthorityStanding.REQUESTED) {
      throw new AuthorityRefused(Reason.MISSING, "nothing was asked for here");
    }
    var request = AuthorityRequest.parse(pem);
    RolloverRules.requireOwnKey(
        certificate, line.devices().stream().map(one -> one.authority().certificate()).toList());
    CeremonyRules.requireIssuing(certificate, request, line.roots().getFirst(), now);
    AuthorityChain.requireKey(AuthorityName.DEVICES, certificate, keys.open(requested));
    return new StoredAuthority(
        requested.name(),
        requested.generation(),
        AuthorityStanding.TRUSTED,
        requested.key(),
        null,
        Map.of(activeRoot(), certificate));
  }

  /** What a root off line is to certify of the authorities that there are. */
  public List<AuthorityRequest> requests() {
    return issuing()
        .map(
            one ->
                AuthorityRequest.of(
                    one.name(),
                    one.generation(),
                    new java.security.KeyPair(one.certificate().getPublicKey(), one.key())))
        .toList();
  }

  /** A new root with its links, which certifies the keys of the issuing CAs that there are. */
  public List<StoredAuthority> root(OfflineRoot old, OfflineRoot fresh, Instant now)
      throws CeremonyRefused {
    requireActive(old.certificate());
    var certificates = new ArrayList<X509Certificate>();
    for (var one : issuing().toList()) {
      certificates.add(
          fresh
              .authority()
              .certifyIssuing(
                  one.name(), one.generation(), one.certificate().getPublicKey(), serials, now));
    }
    return installRoot(
        new RootCertificates(
            fresh.certificate(),
            old.link(fresh.certificate(), serials, now),
            fresh.link(old.certificate(), serials, now)),
        certificates,
        now);
  }

  /**
   * A root and its links.
   *
   * @param root signed by itself (NewWithNew)
   * @param byOld the new key by the old root (NewWithOld)
   * @param oldBy the old key by the new root (OldWithNew)
   */
  public record RootCertificates(
      X509Certificate root, X509Certificate byOld, X509Certificate oldBy) {}

  /** A new root as it was made off line, with the certificates that it gave. */
  public List<StoredAuthority> installRoot(
      RootCertificates made, List<X509Certificate> certificates, Instant now)
      throws CeremonyRefused {
    var old = line.roots().getFirst();
    CeremonyRules.requireRoot(made.root(), now);
    RolloverRules.requireOwnKey(made.root(), everyone());
    RolloverRules.requireLink(made.byOld(), made.root(), old, now);
    RolloverRules.requireLink(made.oldBy(), old, made.root(), now);
    var before = activeRoot();
    var number = next(AuthorityName.ROOT);
    var all = new ArrayList<StoredAuthority>();
    all.add(
        new StoredAuthority(
            AuthorityName.ROOT,
            number,
            AuthorityStanding.TRUSTED,
            null,
            null,
            Map.of(number, made.root(), before, made.byOld())));
    all.add(changed(AuthorityName.ROOT, before, number, made.oldBy()));
    for (var request : requests()) {
      var certificate = PendingAuthorities.named(request, certificates);
      CeremonyRules.requireIssuing(certificate, request, made.root(), now);
      all.add(changed(request.name(), request.generation(), number, certificate));
    }
    return all;
  }

  /** What the registry keeps of one that there is, with one more certificate. */
  private StoredAuthority changed(
      AuthorityName name, int generation, int root, X509Certificate certificate) {
    var kept = find(name, generation);
    var certificates = new java.util.HashMap<>(kept.certificates());
    certificates.put(root, certificate);
    return new StoredAuthority(name, generation, kept.standing(), kept.key(), null, certificates);
  }

  /** The first of a name need not be in the registry yet. */
  public StoredAuthority find(AuthorityName name, int generation) {
    return stored.stream()
        .filter(one -> one.name() == name && one.generation() == generation)
        .findFirst()
        .orElse(
            new StoredAuthority(name, generation, AuthorityStanding.ACTIVE, null, null, Map.of()));
  }

  private Stream<CertificateAuthority> issuing() {
    return Stream.concat(
        line.devices().stream()
            .filter(one -> one.standing().isTrusted())
            .map(Generation::authority),
        Stream.of(line.servers()));
  }

  private List<X509Certificate> everyone() {
    return Stream.concat(line.roots().stream(), issuing().map(CertificateAuthority::certificate))
        .toList();
  }

  private void requireActive(X509Certificate root) throws CeremonyRefused {
    CeremonyRules.check(
        root.getPublicKey().equals(line.roots().getFirst().getPublicKey()),
        "rollover-root",
        "it is not the root that is active here");
  }

  private int activeRoot() {
    return stored.stream()
        .filter(
            one -> one.name() == AuthorityName.ROOT && one.standing() == AuthorityStanding.ACTIVE)
        .mapToInt(StoredAuthority::generation)
        .findFirst()
        .orElse(1);
  }

  private int next(AuthorityName name) {
    var last =
        stored.stream()
            .filter(one -> one.name() == name)
            .mapToInt(StoredAuthority::generation)
            .max()
            .orElse(1);
    if (last >= AuthorityRequest.GENERATIONS_MAX) {
      throw new IssuanceUnavailable(
          "an installation has at most " + AuthorityRequest.GENERATIONS_MAX + " of them");
    }
    return last + 1;
  }

  /**
   * The registry said no: keys that were made in a token for it are destroyed.
   *
   * @param held what the registry holds by now; none of its keys is
   */
  public void forget(Collection<StoredAuthority> held) {
    keys.forget(held);
  }
}
