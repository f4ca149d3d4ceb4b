package io.sallyport.control.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.Desk;
import io.sallyport.control.Site;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.gateways.GatewayAnswer.State;
import io.sallyport.control.policies.PolicyAnswer;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.registry.TrustChanges;
import io.sallyport.control.revocation.Outcome;
import io.sallyport.control.revocation.Receipt;
import io.sallyport.control.store.Database;
import io.sallyport.control.things.PairChange;
import io.sallyport.control.things.Things;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two desks on one PostgreSQL, each with a gate: what is changed at one is told to the other's. */
class GatewaysTest {
  private static final PrincipalId DEVICE = new PrincipalId("d-1");

  /** As many as a desk has to its database. */
  private static final int CONNECTIONS = 8;

  @TempDir Path folder;
  private final String url = TestDatabase.POSTGRESQL.freshUrl();
  private Authorities authorities;
  private Seal seal;
  private Site a;
  private Site b;

  @BeforeEach
  void open() throws Exception {
    var files = new AuthorityFiles(folder.resolve("ca"));
    try (var passphrase = Passphrase.of("a passphrase".getBytes(StandardCharsets.UTF_8))) {
      authorities = files.create(passphrase, Serials.random(), Instant.now());
      seal = files.seal(passphrase, "ticket-keys");
    }
    a = new Site(url, authorities, seal, "a");
    b = new Site(url, authorities, seal, "b");
  }

  @AfterEach
  void close() {
    b.close();
    a.close();
  }

  @Test
  void everyChangeOfTrustIsToldToTheOther() {
    enrol(a, "d-1");
    eventually(() -> b.enforcement.trust.containsKey(DEVICE));

    put(a, "one", "iot:Connect");
    a.api().policies().attach("one", "d-1", "test");
    eventually(() -> policies().contains("one"));
    int version = version("one");
    put(a, "one", "iot:Publish");
    eventually(() -> version("one") > version);
    a.api().policies().detach("one", "d-1", "test");
    eventually(() -> !policies().contains("one"));

    a.api().groups().create("lamps", "test");
    a.api().groups().attach("one", "lamps", "test");
    a.api().groups().add("lamps", List.of("d-1"), "test");
    eventually(() -> policies().contains("one"));
    a.api().groups().remove("lamps", List.of("d-1"), "test", false);
    eventually(() -> !policies().contains("one"));
    a.api().groups().add("lamps", List.of("d-1"), "test");
    eventually(() -> policies().contains("one"));
    a.api().groups().detach("one", "lamps", "test", false);
    eventually(() -> !policies().contains("one"));
    a.api().groups().attach("one", "lamps", "test");
    eventually(() -> policies().contains("one"));
    a.api().groups().delete("lamps", true, "test", false);
    eventually(() -> !policies().contains("one"));

    var target = new Things.Target(PrincipalKind.DEVICE, DEVICE, "test");
    a.api().things().tag(target, new PairChange(Map.of("site", "berlin"), Set.of()));
    eventually(() -> last().facts().tags().containsKey("site"));
    a.api().things().state(target, "1.2.3", "yes");
    eventually(() -> "1.2.3".equals(last().facts().firmwareVersion()));

    a.api().observations().start(Scope.principal("d-1"), List.of("one"), "test");
    eventually(() -> last().observed() != null);
    a.api().observations().stop(Scope.principal("d-1"), "test");
    eventually(() -> last().observed() == null);

    a.api().revoker().quarantine(PrincipalKind.DEVICE, DEVICE, "test");
    eventually(() -> last().standing() == Standing.QUARANTINED);
    a.api().revoker().reinstate(PrincipalKind.DEVICE, DEVICE, "test");
    eventually(() -> last().standing() == Standing.ACTIVE);
    revoke(a, DEVICE);
    eventually(() -> last().standing() == Standing.REVOKED);
  }

  @Test
  void aReceiptSaysWhatTheOtherGatewayDid() {
    enrol(a, "d-1");

    var receipt = revoke(a, DEVICE);

    assertThat(receipt.gateways()).hasSize(1);
    var other = receipt.gateways().getFirst();
    assertThat(other.gateway()).isEqualTo("b");
    assertThat(other.state()).isEqualTo(State.CONFIRMED);
    assertThat(other.steps()).extracting("what").contains("sockets", "tls-tickets", "retained");
    assertThat(b.enforcement.toldOf("d-1")).endsWith("trust d-1 REVOKED", "cut d-1 REVOKED");
  }

  @Test
  void aGatewayThatDoesNotAnswerIsNamedWithWhenItClosesItself() {
    enrol(a, "d-1");
    enrol(a, "d-2");
    try (var third = Database.open(url, null, null)) {
      // One that was killed a moment ago.
      third.write(h -> GatewayTable.enter(h, Site.membership("c", "c", Duration.ofHours(6))));

      var late = answer(revoke(a, DEVICE), "c");
      assertThat(late.state()).isEqualTo(State.LATE);
      assertThat(late.closedFrom()).isNotNull();
      eventually(() -> state("c") == GatewayRecord.State.LOST);
      var lost = answer(revoke(a, new PrincipalId("d-2")), "c");
      assertThat(lost.state()).isEqualTo(State.LOST);
      assertThat(lost.closedFrom()).isBefore(Instant.now().plusSeconds(1));
    }
    assertThat(a.api().peers().forget("a")).as("it is live").isFalse();
    assertThat(a.api().peers().forget("c")).isTrue();
  }

  /** A lower number that becomes visible after a higher one would never be read. */
  @Test
  void numbersBecomeVisibleInTheirOrder() throws Exception {
    enrol(a, "d-1");
    var numbered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    long before = a.database.read(TrustChanges::head);
    var slow =
        Thread.ofVirtual()
            .start(
                () ->
                    a.database.change(
                        handle -> {
                          TrustChanges.addTicketKeys(handle, "slow");
                          numbered.countDown();
                          await(go);
                        }));
    await(numbered);
    var quick =
        Thread.ofVirtual()
            .start(() -> b.database.change(h -> TrustChanges.addTicketKeys(h, "quick")));
    assertThat(quick.join(Duration.ofMillis(500))).as("waits for the first to commit").isFalse();
    assertThat(b.database.<Long>read(TrustChanges::head)).isEqualTo(before);
    go.countDown();
    slow.join();
    quick.join();
    var rows = b.database.read(h -> TrustChanges.after(h, before, 10));
    assertThat(rows).extracting(TrustChanges.Row::gateway).containsExactly("slow", "quick");
  }

  @Test
  void changesThatManyMakeAtOnceAreAllHeard() throws Exception {
    var threads =
        List.of(a, b, a, b).stream()
            .map(
                site ->
                    Thread.ofVirtual()
                        .unstarted(
                            () -> {
                              for (int n = 0; n < 10; n++) {
                                enrol(site, "many-" + System.nanoTime());
                              }
                            }))
            .toList();
    threads.forEach(Thread::start);
    for (var thread : threads) {
      thread.join();
    }
    eventually(() -> a.enforcement.trust.size() == 40 && b.enforcement.trust.size() == 40);
  }

  @Test
  void whatAGatewayMissedWhileItWasAwayIsDoneWhenItComesBack() {
    enrol(a, "d-1");
    enrol(a, "d-2");
    eventually(() -> b.enforcement.trust.size() == 2);
    b.close();
    assertThat(answer(revoke(a, DEVICE), "b").state()).isEqualTo(State.STOPPED);

    b = new Site(url, authorities, seal, "b");

    eventually(() -> b.enforcement.toldOf("d-1").contains("cut d-1 REVOKED"));
    assertThat(b.enforcement.toldOf("d-2")).as("nothing about others").isEmpty();
  }

  @Test
  void whatAGroupAllowedEndsEvenWhereItIsHeardOfWhenTheGroupIsGone() {
    enrol(a, "d-1");
    put(a, "one", "iot:Connect");
    a.api().groups().create("lamps", "test");
    a.api().groups().add("lamps", List.of("d-1"), "test");
    a.api().groups().attach("one", "lamps", "test");
    eventually(() -> policies().contains("one"));
    var held = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    b.enforcement.meanwhile = _ -> hold(held, go);
    enrol(a, "d-2");
    await(held);

    a.api().groups().delete("lamps", true, "test", false);
    go.countDown();

    eventually(() -> !policies().contains("one"));
  }

  @Test
  void whoMissedMoreThanIsKeptReadsEverything() {
    enrol(a, "d-1");
    enrol(a, "d-2");
    eventually(() -> b.enforcement.trust.size() == 2);
    b.close();
    revoke(a, DEVICE);
    a.database.change(handle -> TrustChanges.prune(handle, 0));

    b = new Site(url, authorities, seal, "b");

    eventually(() -> b.enforcement.toldOf("d-1").contains("cut d-1 REVOKED"));
    // With the server's own client, which was there before both.
    eventually(() -> b.enforcement.trust.size() == 3);
  }

  @Test
  void theTableOfChangesIsBounded() {
    a.database.change(
        handle -> {
          for (int n = 0; n < 30; n++) {
            TrustChanges.addTicketKeys(handle, "a");
          }
        });
    a.database.change(handle -> assertThat(TrustChanges.prune(handle, 10)).isPositive());
    var rows = a.database.read(handle -> TrustChanges.after(handle, 0, 100));
    assertThat(rows).hasSize(10);
  }

  @Test
  void aNameIsOneGatewaysAlone() {
    assertThatThrownBy(() -> new Site(url, authorities, seal, "a", "another directory"))
        .isInstanceOf(NameTaken.class)
        .hasMessageContaining("gateway.name");
  }

  @Test
  void ticketKeysAreSharedSealedAndChangedByOne() throws Exception {
    eventually(() -> a.keys.size() == 2 && b.keys.size() == 2);
    assertThat(a.keys.getFirst()).isEqualTo(b.keys.getFirst());
    var stored =
        a.database.read(
            h -> h.createQuery("select sealed from ticket_key").mapTo(String.class).list());
    assertThat(stored).hasSize(2).allMatch(text -> text.contains("SEALED KEY"));
    var next = b.keys.get(1);

    var ring = new TicketKeyring(seal, "a", Duration.ofMillis(1));
    LockSupport.parkNanos(5_000_000);
    a.database.change(ring::rotate);

    eventually(() -> a.keys.size() == 3 && b.keys.size() == 3);
    assertThat(b.keys.getFirst()).as("was known before it encrypted").isEqualTo(next);
    assertThat(a.keys.getFirst()).isEqualTo(b.keys.getFirst());
    assertThat(List.of(a, b).stream().filter(site -> site.gateways.isLeading())).hasSizeLessThan(2);
  }

  @Test
  void keysOfOtherAuthoritiesAreNotTaken() throws Exception {
    var files = new AuthorityFiles(folder.resolve("other"));
    try (var passphrase = Passphrase.of("another".getBytes(StandardCharsets.UTF_8))) {
      files.create(passphrase, Serials.random(), Instant.now());
      var other = new TicketKeyring(files.seal(passphrase, "ticket-keys"), "x", Duration.ZERO);
      var taken = a.database.read(other::load);
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void arrivalsAreHeardByAllInOneOrder() {
    for (int n = 1; n <= 50; n++) {
      a.gateways.arrived(n, DEVICE, "client", "192.0.2.1");
      b.gateways.arrived(n, DEVICE, "client", "2001:db8::1");
    }
    eventually(() -> a.arrivals.size() == 100 && b.arrivals.size() == 100);
    assertThat(a.arrivals.stream().map(one -> one.gateway() + one.number()))
        .containsExactlyElementsOf(
            b.arrivals.stream().map(one -> one.gateway() + one.number()).toList());
    assertThat(a.arrivals).allMatch(one -> one.here() == one.gateway().equals("a"));
  }

  @Test
  void arrivalsBeyondTheBoundAreCountedAndNotTold() {
    int offered = 25_000;
    var go = new CountDownLatch(1);
    var held = new CountDownLatch(CONNECTIONS);
    for (int n = 0; n < CONNECTIONS; n++) {
      Thread.ofVirtual().start(() -> a.database.change(_ -> hold(held, go)));
    }
    await(held);
    for (int n = 1; n <= offered; n++) {
      a.gateways.arrived(n, DEVICE, "client", "192.0.2.1");
    }

    long dropped = a.gateways.arrivalsDropped();
    assertThat(dropped)
        .as("20 000 wait, and at most 2 000 are on their way")
        .isBetween(offered - 22_000L, offered - 20_000L);
    go.countDown();
    eventually(() -> b.arrivals.size() == offered - dropped);
    assertThat(a.gateways.arrivalsDropped()).isEqualTo(dropped);
  }

  private static void hold(CountDownLatch held, CountDownLatch go) {
    held.countDown();
    await(go);
  }

  @Test
  void theOneThatIsLeftLeads() {
    eventually(() -> a.gateways.isLeading() || b.gateways.isLeading());
    var leader = a.gateways.isLeading() ? a : b;
    var other = leader == a ? b : a;
    leader.gateways.close();
    eventually(other.gateways::isLeading);
  }

  private static Receipt revoke(Site at, PrincipalId id) {
    var outcome =
        at.api()
            .revoker()
            .revoke(PrincipalKind.DEVICE, id, RevocationReason.KEY_COMPROMISE, "test");
    assertThat(outcome).isInstanceOf(Outcome.Cut.class);
    return ((Outcome.Cut) outcome).receipt();
  }

  private static GatewayAnswer answer(Receipt receipt, String gateway) {
    return receipt.gateways().stream()
        .filter(one -> one.gateway().equals(gateway))
        .findFirst()
        .orElseThrow();
  }

  private GatewayRecord.State state(String gateway) {
    return a.api().peers().all().gateways().stream()
        .filter(one -> one.name().equals(gateway))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private PrincipalRecord last() {
    return b.enforcement.lastOf("d-1");
  }

  private List<String> policies() {
    return last().policies().stream().map(policy -> policy.name()).toList();
  }

  private int version(String policy) {
    return last().policies().stream()
        .filter(one -> one.name().equals(policy))
        .mapToInt(one -> one.version())
        .findFirst()
        .orElse(0);
  }

  private static void enrol(Site at, String id) {
    var request =
        new EnrolmentRequest(PrincipalKind.DEVICE, id, Desk.csr(id), Map.of(), "", null, null);
    var answer = at.api().enroller().enrol(request, "test");
    assertThat(answer).isInstanceOf(Enrolment.Issued.class);
  }

  private static void put(Site at, String name, String action) {
    var document =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"%s","Resource":"*"}]}
        """
            .formatted(action);
    assertThat(at.api().policies().put(name, document, "test"))
        .isInstanceOf(PolicyAnswer.Put.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never came true").isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
