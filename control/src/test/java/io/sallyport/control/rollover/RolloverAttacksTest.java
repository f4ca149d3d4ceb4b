package io.sallyport.control.rollover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.claim.ClaimAnswer;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.claim.IdPatterns;
import io.sallyport.control.rollover.Rollover.Learnt;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityStanding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must not become of a rollover: by old news, by two at a time, by ways round the threshold.
 */
class RolloverAttacksTest {
  @TempDir private Path directory;

  /**
   * Somebody makes a root while another process replaces the devices CA: what was made would bring
   * the standing back that the devices CA had before, and two would be active.
   */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasMadeOnOldNewsIsNotKept(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      var seen = site.rollover.stored();
      var slow = site.maker().devices(site.root(), site.clock.instant());
      site.beginDevices();
      site.activate();
      site.rollover.retire(100, null, "bob");
      var before = site.rollover.stored();

      refused("changed", () -> site.rollover.begin(List.of(slow), seen, "alice"));
      assertThat(site.rollover.stored()).isEqualTo(before);
      site.follow();
      assertThat(site.authorities.devices().generation()).isEqualTo(2);
    }
  }

  /** A gateway that is behind hands out other anchors: that makes nobody ready. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoWasToldOfAnotherRootIsNotReady(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      site.enrol("dev-1");
      var before = site.authorities.line();
      site.beginRoot("root2");
      var withdrawn = site.authorities.line();
      site.rollover.cancel("bob");
      site.follow();
      site.beginRoot("root3");
      site.activate();

      for (var told : List.of(before, withdrawn)) {
        site.rollover.learnt(List.of(new PrincipalId("dev-1")), told, Learnt.CACERTS);
      }
      assertThat(site.rollover.progress().orElseThrow().ready()).isZero();
      refused("threshold", () -> site.rollover.retire(100, null, "bob"));
      site.learnt("dev-1", Learnt.CACERTS);
      assertThat(site.rollover.retire(100, null, "bob").ready()).isEqualTo(1);
    }
  }

  /** Given up before it was certified or activated, it leaves an installation that starts. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasGivenUpStandsInNobodysWay(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      site.begin(List.of(site.maker().request()));
      site.rollover.cancel("bob");
      site.follow();
      site.beginRoot("root2");
      site.rollover.cancel("bob");
      site.follow();
      site.beginRoot("root3");
      site.activate();
      site.rollover.retire(0, null, "bob");
      site.follow();
      assertThat(site.authorities.roots()).hasSize(1);
      assertThat(site.rollover.stored())
          .filteredOn(one -> one.name() == AuthorityName.ROOT)
          .extracting(one -> one.standing())
          .containsExactly(
              AuthorityStanding.RETIRED, AuthorityStanding.RETIRED, AuthorityStanding.ACTIVE);
    }
  }

  /** Devices in their boxes, with a claim and the old root alone, would never find the server. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aRootIsKeptForTheClaimsThatKnowNoOther(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      claim(site, "boxed");
      site.beginRoot("root2");
      site.activate();
      assertThat(site.rollover.progress().orElseThrow().claims()).isEqualTo(1);
      refused("threshold", () -> site.rollover.retire(100, null, "bob"));
      // One that was given both roots waits for nothing.
      site.clock.advance(Rollover.SETTLING);
      claim(site, "told");
      assertThat(site.rollover.progress().orElseThrow().claims()).isEqualTo(1);
      site.clock.advance(Duration.ofDays(31));
      site.rollover.retire(100, null, "bob");
    }
  }

  /** A gateway may look up to a second late, and sign a claim with the old one until then. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aClaimOfAGatewayThatIsBehindCounts(TestDatabase kind) throws Exception {
    try (var site = new Site(kind, directory)) {
      site.beginDevices();
      site.clock.advance(Rollover.SETTLING);
      site.rollover.activate("bob");
      site.clock.advance(Duration.ofSeconds(1));
      var signed = claim(site, "late");
      assertThat(signed).contains("Sallyport Devices CA");
      refused("threshold", () -> site.rollover.retire(100, null, "bob"));
    }
  }

  private static String claim(Site site, String name) {
    var made =
        site.control
            .introductions()
            .claims()
            .create(
                new Claims.Draft(
                    name,
                    Desk.csr(name),
                    "b-" + name,
                    new IdPatterns(List.of("dev-*")),
                    1,
                    1_000,
                    null,
                    Duration.ofDays(30),
                    NewcomerTerms.DEFAULTS,
                    null,
                    List.of()),
                "admin");
    if (made instanceof ClaimAnswer.Shown(var claim)) {
      return Desk.certificate(claim.pem()).getIssuerX500Principal().getName();
    }
    throw new AssertionError(made.toString());
  }

  private static void refused(String rule, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(RolloverRefused.class, e -> assertThat(e.rule()).isEqualTo(rule));
  }
}
