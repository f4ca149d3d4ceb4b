package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.AuthorityRollover.RootCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One authority after the other, and everything that must not pass as such. */
class AuthorityRolloverTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Passphrase PASSPHRASE = Passphrase.generate();
  private static final Serials SERIALS = Serials.random();

  @TempDir private Path data;
  private AuthorityFiles files;
  private Authorities authorities;
  private SuccessorKeys keys;
  private List<StoredAuthority> stored = List.of();

  @BeforeEach
  void create() throws AuthorityRefused {
    files = new AuthorityFiles(data.resolve("ca"));
    authorities = files.create(PASSPHRASE, SERIALS, NOW);
    keys = files.successorKeys(PASSPHRASE);
  }

  private AuthorityRollover rollover() {
    return new AuthorityRollover(authorities, stored, keys, SERIALS);
  }

  private void keep(StoredAuthority... changed) throws AuthorityRefused {
    var all = new ArrayList<>(stored);
    for (var one : changed) {
      all.removeIf(old -> old.name() == one.name() && old.generation() == one.generation());
      all.add(one);
    }
    stored = List.copyOf(all);
    authorities.take(AuthorityFiles.line(files.load(PASSPHRASE).line(), stored, keys));
  }

  private X509Certificate leaf(String id) {
    var profile = new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId(id));
    return authorities
        .devices()
        .sign(profile, KeyPairs.p256().getPublic(), SERIALS.next(), NOW, Duration.ofDays(9));
  }

  private StoredAuthority first(AuthorityStanding standing) {
    return rollover().find(AuthorityName.DEVICES, 1).as(standing);
  }

  @Test
  void aDevicesCaIsTrustedBeforeItSignsAndSignsBeforeTheOldOneEnds() throws Exception {
    var before = leaf("dev-1");
    var next = rollover().devices(files.root(PASSPHRASE), NOW);
    assertThat(next).hasToString("StoredAuthority[devices 2 trusted]");
    keep(next);

    assertThat(authorities.devices().generation()).isEqualTo(1);
    assertThat(authorities.line().trustedIssuers()).hasSize(2);
    assertThat(authorities.line().published()).hasSize(4);

    keep(first(AuthorityStanding.OUTGOING), next.as(AuthorityStanding.ACTIVE));
    var after = leaf("dev-2");
    assertThat(authorities.devices().generation()).isEqualTo(2);
    assertThat(after.getIssuerX500Principal().getName()).isEqualTo("CN=Sallyport Devices CA G2");
    assertThat(authorities.issuer(after)).contains(authorities.devices().certificate());
    assertThat(authorities.issuer(before)).isPresent();
    assertThat(verify(List.of(authorities.root()), authorities.line().trustedIssuers(), after))
        .isEqualTo(0);

    keep(first(AuthorityStanding.RETIRED));
    assertThat(authorities.line().trustedIssuers()).hasSize(1);
    assertThat(authorities.line().retiredIssuers()).hasSize(1);
  }

  @Test
  void aNewRootIsFoundFromTheOldOneAndTheOldOneFromTheNew() throws Exception {
    var oldRoot = authorities.root();
    var old = leaf("dev-old");
    var fresh = OfflineRoot.create(data.resolve("root2"), PASSPHRASE, SERIALS, NOW);
    var changed = rollover().root(files.root(PASSPHRASE), fresh, NOW);
    keep(changed.toArray(StoredAuthority[]::new));

    var line = authorities.line();
    assertThat(authorities.root()).isEqualTo(oldRoot);
    assertThat(line.roots()).containsExactly(oldRoot, fresh.certificate());
    assertThat(line.links()).hasSize(2);
    var oldIssuer = List.of(line.trustedIssuers().getFirst());
    var newIssuer = List.of(line.trustedIssuers().getLast());
    var oldWithNew =
        line.links().stream()
            .filter(link -> link.getPublicKey().equals(oldRoot.getPublicKey()))
            .findFirst()
            .orElseThrow();
    var newWithOld =
        line.links().stream()
            .filter(link -> link.getPublicKey().equals(fresh.certificate().getPublicKey()))
            .findFirst()
            .orElseThrow();

    // An old leaf with its old issuer, by who holds on to the new root alone, and the other way.
    assertThat(verify(List.of(fresh.certificate()), with(oldIssuer, oldWithNew), old)).isZero();
    assertThat(verify(List.of(oldRoot), with(newIssuer, newWithOld), old)).isZero();
    // Without the link there is no way.
    assertThat(verify(List.of(fresh.certificate()), oldIssuer, old)).isNotZero();
    assertThat(verify(List.of(oldRoot), newIssuer, old)).isNotZero();
    // What servers show leads there, too.
    assertThat(authorities.chain(old, server())).contains(oldWithNew).doesNotContain(newWithOld);

    keep(
        rollover().find(AuthorityName.ROOT, 1).as(AuthorityStanding.OUTGOING),
        rollover().find(AuthorityName.ROOT, 2).as(AuthorityStanding.ACTIVE));
    assertThat(authorities.root()).isEqualTo(fresh.certificate());
    assertThat(authorities.chain(old, server())).contains(newWithOld).doesNotContain(oldWithNew);
    authorities.servers().certificate().verify(fresh.certificate().getPublicKey());

    keep(rollover().find(AuthorityName.ROOT, 1).as(AuthorityStanding.RETIRED));
    assertThat(authorities.line().published()).hasSize(3).contains(fresh.certificate());
    assertThat(authorities.chain(old, server())).hasSize(2);
    assertThat(authorities.line().trustedIssuers()).containsExactlyElementsOf(newIssuer);

    // And a devices CA below the new root.
    var next = rollover().devices(fresh, NOW);
    keep(next);
    assertThat(authorities.line().trustedIssuers()).hasSize(2);
    assertThatThrownBy(() -> rollover().devices(files.root(PASSPHRASE), NOW))
        .isInstanceOf(CeremonyRefused.class)
        .hasMessageContaining("rollover-root");
  }

  @Test
  void anOfflineRootIsAskedAndItsAnswerIsChecked() throws Exception {
    var requested = rollover().request();
    keep(requested);
    assertThat(authorities.line().trustedIssuers()).hasSize(1);
    var pem = requested.request();
    assertThat(pem).isNotNull();
    var request = AuthorityRequest.parse(pem == null ? "" : pem);
    assertThat(request.generation()).isEqualTo(2);
    var root = files.root(PASSPHRASE);
    var certificate = root.sign(request, SERIALS, NOW);

    var installed = rollover().install(requested, certificate, NOW);
    assertThat(installed.standing()).isEqualTo(AuthorityStanding.TRUSTED);
    keep(installed);
    assertThat(authorities.line().trustedIssuers()).contains(certificate);
    assertThatThrownBy(() -> rollover().install(installed, certificate, NOW))
        .isInstanceOf(AuthorityRefused.class);
  }

  @Test
  void noAnswerOfAnotherRootOrKeyIsTaken() throws Exception {
    var requested = rollover().request();
    var pem = requested.request();
    var request = AuthorityRequest.parse(pem == null ? "" : pem);
    var stranger = OfflineRoot.create(data.resolve("stranger"), PASSPHRASE, SERIALS, NOW);
    refused(requested, stranger.sign(request, SERIALS, NOW), NOW, "install-issuer");

    var root = files.root(PASSPHRASE);
    var good = root.sign(request, SERIALS, NOW);
    refused(requested, good, NOW.plus(Duration.ofDays(2_000)), "install-validity");
    refused(requested, authorities.devices().certificate(), NOW, "rollover-key");
    refused(requested, authorities.servers().certificate(), NOW, "install-key");
    // Constraints: what may have authorities below it is no issuing CA.
    refused(
        requested,
        CertificateSigner.of(root.certificate(), root.authority().key())
            .authority(
                request.commonName(),
                AuthorityName.ROOT,
                1,
                request.publicKey(),
                SERIALS.next(),
                Validity.below(root.certificate(), NOW, Duration.ofDays(900))),
        NOW,
        "install-path-length");
  }

  private void refused(
      StoredAuthority requested, X509Certificate certificate, Instant now, String rule) {
    assertThatThrownBy(() -> rollover().install(requested, certificate, now))
        .isInstanceOf(CeremonyRefused.class)
        .hasMessageContaining(rule);
  }

  @Test
  void noRootIsTakenThatTheOldOneDidNotCertify() throws Exception {
    var fresh = OfflineRoot.create(data.resolve("root2"), PASSPHRASE, SERIALS, NOW);
    var stranger = OfflineRoot.create(data.resolve("stranger"), PASSPHRASE, SERIALS, NOW);
    var old = files.root(PASSPHRASE);
    var certificates = new ArrayList<X509Certificate>();
    for (var request : rollover().requests()) {
      certificates.add(fresh.sign(request, SERIALS, NOW));
    }
    var byOld = old.link(fresh.certificate(), SERIALS, NOW);
    var oldBy = fresh.link(old.certificate(), SERIALS, NOW);

    refusedRoot(fresh, stranger.link(fresh.certificate(), SERIALS, NOW), oldBy, certificates);
    refusedRoot(fresh, byOld, stranger.link(old.certificate(), SERIALS, NOW), certificates);
    refusedRoot(fresh, oldBy, byOld, certificates);
    refusedRoot(old, byOld, oldBy, certificates);
    assertThatThrownBy(
            () ->
                rollover()
                    .installRoot(
                        new RootCertificates(fresh.certificate(), byOld, oldBy), List.of(), NOW))
        .hasMessageContaining("install-subject");
    assertThat(
            rollover()
                .installRoot(
                    new RootCertificates(fresh.certificate(), byOld, oldBy), certificates, NOW))
        .hasSize(4);
    assertThatThrownBy(() -> old.link(old.certificate(), SERIALS, NOW))
        .hasMessageContaining("link-key");
  }

  private void refusedRoot(
      OfflineRoot root,
      X509Certificate byOld,
      X509Certificate oldBy,
      List<X509Certificate> certificates) {
    assertThatThrownBy(
            () ->
                rollover()
                    .installRoot(
                        new RootCertificates(root.certificate(), byOld, oldBy), certificates, NOW))
        .isInstanceOf(CeremonyRefused.class);
  }

  /** Who may write to the registry, and has no key of ours, makes no authority with it. */
  @Test
  void theRegistryIsNotBelieved() throws Exception {
    var stranger = OfflineRoot.create(data.resolve("stranger"), PASSPHRASE, SERIALS, NOW);
    var request = rollover().request();
    var pem = request.request();
    var forged = stranger.sign(AuthorityRequest.parse(pem == null ? "" : pem), SERIALS, NOW);
    broken(with(request, AuthorityStanding.TRUSTED, Map.of(1, forged)), "not signed by the root");
    broken(with(request, AuthorityStanding.TRUSTED, Map.of(2, forged)), "a root that is not ours");
    broken(with(request, AuthorityStanding.TRUSTED, Map.of()), "no certificate");
    broken(
        with(request, AuthorityStanding.TRUSTED, Map.of(1, authorities.devices().certificate())),
        "is not that of its certificate");
    broken(
        new StoredAuthority(
            AuthorityName.ROOT,
            2,
            AuthorityStanding.TRUSTED,
            null,
            null,
            Map.of(2, stranger.certificate(), 1, stranger.certificate())),
        "not certified by one before it");
    broken(first(AuthorityStanding.RETIRED), "one devices CA must be active");
    broken(
        rollover().find(AuthorityName.ROOT, 1).as(AuthorityStanding.RETIRED),
        "one root must be active");
    var good = rollover().devices(files.root(PASSPHRASE), NOW);
    broken(
        new StoredAuthority(good.name(), 2, good.standing(), null, null, good.certificates()),
        "not in the registry");
    broken(
        new StoredAuthority(good.name(), 2, good.standing(), "nonsense", null, good.certificates()),
        "not a sealed key");
  }

  /** What was given up before it had a certificate is nothing, and must not stand in the way. */
  @Test
  void aRequestThatWasGivenUpLeavesNothing() throws Exception {
    var requested = rollover().request();
    keep(requested);
    keep(requested.as(AuthorityStanding.RETIRED));
    assertThat(authorities.line().devices()).hasSize(1);

    var next = rollover().devices(files.root(PASSPHRASE), NOW);
    assertThat(next.generation()).isEqualTo(3);
    keep(next);
    assertThat(authorities.line().trustedIssuers()).hasSize(2);
  }

  /** The third root is certified by the first: the second was never active. */
  @Test
  void aRootThatWasGivenUpDoesNotEndTheLine() throws Exception {
    var oldRoot = authorities.root();
    var second = OfflineRoot.create(data.resolve("root2"), PASSPHRASE, SERIALS, NOW);
    keep(rollover().root(files.root(PASSPHRASE), second, NOW).toArray(StoredAuthority[]::new));
    keep(rollover().find(AuthorityName.ROOT, 2).as(AuthorityStanding.RETIRED));
    assertThat(authorities.roots()).containsExactly(oldRoot);

    var third = OfflineRoot.create(data.resolve("root3"), PASSPHRASE, SERIALS, NOW);
    keep(rollover().root(files.root(PASSPHRASE), third, NOW).toArray(StoredAuthority[]::new));
    assertThat(authorities.roots()).containsExactly(oldRoot, third.certificate());
    keep(
        rollover().find(AuthorityName.ROOT, 1).as(AuthorityStanding.RETIRED),
        rollover().find(AuthorityName.ROOT, 3).as(AuthorityStanding.ACTIVE));
    assertThat(authorities.roots()).containsExactly(third.certificate());
    assertThat(files.roots(stored)).containsExactly(third.certificate());
  }

  /** A process that cannot open the new key trusts it all the same, and not the retired one. */
  @Test
  void trustNeedsNoKey() throws Exception {
    var next = rollover().devices(files.root(PASSPHRASE), NOW);
    keep(next);
    var withKey = authorities.line();
    keep(first(AuthorityStanding.RETIRED), next.as(AuthorityStanding.ACTIVE));
    var ca = files.load(PASSPHRASE).line();

    var blind = AuthorityFiles.lineOfKeysInHand(ca, stored, ca);
    assertThat(blind.trustedIssuers()).isEqualTo(authorities.line().trustedIssuers());
    assertThat(blind.retiredIssuers()).hasSize(1);
    authorities.take(blind);
    assertThatThrownBy(() -> leaf("dev-1")).isInstanceOf(IssuanceUnavailable.class);
    assertThatThrownBy(
            () ->
                new RevocationListSigner(authorities.devices())
                    .sign(
                        new RevocationListSigner.Heading(
                            1, NOW, NOW.plus(Duration.ofDays(1)), List.of()),
                        List.of()))
        .isInstanceOf(IssuanceUnavailable.class);

    // A key that was opened once stays.
    authorities.take(AuthorityFiles.lineOfKeysInHand(ca, stored, withKey));
    leaf("dev-1").verify(authorities.devices().certificate().getPublicKey());
  }

  /** Nor is the registry believed by who opens no key. */
  @Test
  void whoHasNoKeyBelievesTheRegistryNoMore() throws Exception {
    var stranger = OfflineRoot.create(data.resolve("stranger"), PASSPHRASE, SERIALS, NOW);
    var request = rollover().request();
    var pem = request.request();
    var forged = stranger.sign(AuthorityRequest.parse(pem == null ? "" : pem), SERIALS, NOW);
    var stranded = with(request, AuthorityStanding.TRUSTED, Map.of(1, forged));
    var ca = files.load(PASSPHRASE).line();
    assertThatThrownBy(() -> AuthorityFiles.lineOfKeysInHand(ca, List.of(stranded), ca))
        .hasMessageContaining("not signed by the root");
  }

  @Test
  void onlyWhatWasToldIsKnown() throws Exception {
    var before = authorities.line();
    var next = rollover().devices(files.root(PASSPHRASE), NOW);
    keep(next);
    var fresh = OfflineRoot.create(data.resolve("root2"), PASSPHRASE, SERIALS, NOW);
    var root = rollover().root(files.root(PASSPHRASE), fresh, NOW);
    assertThat(authorities.line().tellsOf(next)).isTrue();
    assertThat(before.tellsOf(next)).isFalse();
    assertThat(authorities.line().tellsOf(root.getFirst())).isFalse();
    assertThat(authorities.line().tellsOf(rollover().find(AuthorityName.SERVERS, 1))).isFalse();
    keep(root.toArray(StoredAuthority[]::new));
    assertThat(authorities.line().tellsOf(root.getFirst())).isTrue();
  }

  @Test
  void whoSignedGoesWithACertificateWhoeverIsActive() throws Exception {
    var old = authorities.devices().certificate();
    var leaf = leaf("dev-1");
    var next = rollover().devices(files.root(PASSPHRASE), NOW);
    keep(first(AuthorityStanding.OUTGOING), next.as(AuthorityStanding.ACTIVE));
    assertThat(authorities.chainOf(Pem.of(leaf))).containsExactly(Pem.of(old));
    assertThat(authorities.chainOf(Pem.of(leaf("dev-2"))))
        .containsExactly(Pem.of(authorities.devices().certificate()));
    assertThatThrownBy(() -> authorities.chainOf("nonsense"))
        .isInstanceOf(IllegalStateException.class);
  }

  private static StoredAuthority with(
      StoredAuthority one, AuthorityStanding standing, Map<Integer, X509Certificate> all) {
    return new StoredAuthority(one.name(), one.generation(), standing, one.key(), null, all);
  }

  private void broken(StoredAuthority one, String why) {
    assertThatThrownBy(() -> AuthorityFiles.line(files.load(PASSPHRASE).line(), List.of(one), keys))
        .isInstanceOf(AuthorityRefused.class)
        .hasMessageContaining(why);
  }

  private static LeafProfile server() {
    return new LeafProfile.Server(List.of("localhost"), List.of());
  }

  private static List<X509Certificate> with(List<X509Certificate> some, X509Certificate one) {
    var all = new ArrayList<>(some);
    all.add(one);
    return all;
  }

  private int verify(
      List<X509Certificate> anchors, List<X509Certificate> between, X509Certificate leaf)
      throws Exception {
    Files.writeString(data.resolve("anchors"), pem(anchors));
    Files.writeString(data.resolve("between"), pem(between));
    Files.writeString(data.resolve("leaf"), Pem.of(leaf));
    return Openssl.run(
            data,
            "verify",
            "-x509_strict",
            "-attime",
            Long.toString(NOW.getEpochSecond()),
            "-CAfile",
            "anchors",
            "-untrusted",
            "between",
            "leaf")
        .exit();
  }

  private static String pem(List<X509Certificate> all) {
    var text = new StringBuilder();
    all.forEach(one -> text.append(Pem.of(one)));
    return text.toString();
  }
}
