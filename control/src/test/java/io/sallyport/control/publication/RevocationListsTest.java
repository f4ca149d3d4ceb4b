package io.sallyport.control.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RevocationListsTest {
  private static final int ROUNDS = 12;

  /** Whatever happens in whatever order: parts together = the whole = the registry. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void thePartsTogetherAreTheWholeAndTheWholeIsTheRegistry(TestDatabase kind) {
    var random = new SplittableRandom(20_261_123);
    try (var office = new Office(kind)) {
      var active = new ArrayList<Serial>();
      var revoked = new HashMap<BigInteger, String>();
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = random.nextInt(30); i >= 0; i--) {
          var who = random.nextBoolean() ? PrincipalKind.DEVICE : PrincipalKind.BACKEND;
          active.add(office.certified.active(who, office.clock.instant()));
        }
        for (int i = random.nextInt(20); i >= 0 && !active.isEmpty(); i--) {
          var serial = active.remove(random.nextInt(active.size()));
          var reasons = RevocationReason.values();
          var reason = reasons[random.nextInt(reasons.length)];
          office.certified.revoke(serial, reason, office.clock.instant());
          revoked.put(
              serial.value(), reason == RevocationReason.UNSPECIFIED ? "null" : reason.name());
        }
        office.clock.advance(Duration.ofHours(random.nextInt(100)));
        office.publication.round(true);

        assertThat(Office.entries(office.list("devices"))).isEqualTo(revoked);
        assertThat(office.union()).isEqualTo(revoked);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aPartHoldsThoseWhoseCertificatesNameIt(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var serials = revoked(office, 100);
      office.publication.round(true);

      for (var serial : serials) {
        assertThat(Office.entries(office.list("devices-" + CrlPartition.of(serial).number())))
            .containsKey(serial.value());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void operatorsAreOnTheListOfTheirOwnAuthority(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var now = office.clock.instant();
      var operator = office.certified.active(PrincipalKind.OPERATOR, now);
      var device = office.certified.active(PrincipalKind.DEVICE, now);
      Stream.of(operator, device)
          .forEach(one -> office.certified.revoke(one, RevocationReason.SUPERSEDED, now));

      assertThat(Office.entries(office.list("servers"))).containsOnlyKeys(operator.value());
      assertThat(Office.entries(office.list("devices"))).containsOnlyKeys(device.value());
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasBegunAndGivenUpIsOnTheList(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var serial = office.certified.pending(PrincipalKind.DEVICE, office.clock.instant());
      assertThat(Office.entries(office.list("devices"))).isEmpty();

      office.certified.revoke(serial, RevocationReason.UNSPECIFIED, office.clock.instant());
      office.publication.round(true);

      assertThat(Office.entries(office.list("devices"))).containsOnlyKeys(serial.value());
    }
  }

  /** RFC 5280, 3.3: one list after its end still names it. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoExpiredLeavesTheListAfterOneMore(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var now = office.clock.instant();
      var end = now.plus(Duration.ofDays(10));
      var serial = office.certified.active(PrincipalKind.DEVICE, now, end);
      office.certified.revoke(serial, RevocationReason.SUPERSEDED, now);

      office.clock.advance(Duration.ofDays(11));
      office.publication.round(true);
      assertThat(Office.entries(office.list("devices"))).containsOnlyKeys(serial.value());

      office.clock.advance(Duration.ofDays(7));
      office.publication.round(true);
      assertThat(Office.entries(office.list("devices"))).isEmpty();
      assertThat(office.union()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aListIsMadeAnewAtHalfOfItsLifeAndNotBefore(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var first = office.list("devices");
      office.clock.advance(Duration.ofDays(3));
      office.publication.round(true);
      assertThat(office.list("devices")).isEqualTo(first);

      office.clock.advance(Duration.ofHours(13));
      office.publication.round(true);

      assertThat(Office.number(office.list("devices"))).isGreaterThan(Office.number(first));
      assertThat(office.list("devices").getNextUpdate()).isAfter(first.getNextUpdate());
      assertThat(office.list("devices-5").getNextUpdate()).isAfter(first.getNextUpdate());
    }
  }

  /** A device that polls its part downloads it again only when there is something new. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void onlyThePartsThatChangedAreSignedAnew(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var before = parts(office);
      var serial = revoked(office, 1).getFirst();
      office.publication.round(true);
      var after = parts(office);

      int changed = CrlPartition.of(serial).number();
      for (int part = 0; part < CrlPartition.COUNT; part++) {
        assertThat(Objects.equals(after.get(part), before.get(part))).isEqualTo(part != changed);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void numbersOnlyGrowWhoeverPublishesAndHoweverOftenItIsStartedAgain(TestDatabase kind) {
    try (var office = new Office(kind)) {
      long last = 0;
      for (int start = 0; start < 6; start++) {
        revoked(office, 1);
        try (var process = office.another(PublicationSettings.DEFAULTS)) {
          process.round(true);
          long number = Office.number(office.list(process, "devices"));
          assertThat(number).isGreaterThan(last);
          last = number;
        }
      }
      try (var process = office.another(PublicationSettings.DEFAULTS)) {
        // Nothing changed: what was published is served on, and no number is used up.
        assertThat(Office.number(office.list(process, "devices"))).isEqualTo(last);
      }
    }
  }

  /** The number is used up before anything is signed with it, so a crash leaves a gap at most. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aNumberThatWasTakenBeforeACrashNeverComesAgain(TestDatabase kind) {
    try (var office = new Office(kind)) {
      long first = Office.number(office.list("devices"));
      var authority = office.authorities.devices().name();
      long lost = office.database.write(handle -> ListTable.takeNumber(handle, authority.word()));
      revoked(office, 1);

      office.publication.round(true);

      assertThat(lost).isGreaterThan(first);
      assertThat(Office.number(office.list("devices"))).isGreaterThan(lost);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void severalProcessesPublishAtOnceAndAgreeInTheEnd(TestDatabase kind) throws Exception {
    try (var office = new Office(kind)) {
      var processes =
          IntStream.range(0, 3)
              .mapToObj(_ -> office.another(PublicationSettings.DEFAULTS))
              .toList();
      for (int round = 0; round < 4; round++) {
        var serials = revoked(office, 3);
        var threads =
            processes.stream().map(one -> Thread.ofVirtual().start(() -> one.round(true))).toList();
        for (var thread : threads) {
          thread.join();
        }
        processes.forEach(one -> one.round(false));
        for (var process : processes) {
          assertThat(Office.entries(office.list(process, "devices")))
              .containsKeys(Office.numbers(serials.stream()).toArray(BigInteger[]::new));
          assertThat(process.list("devices.crl", null).body())
              .isEqualTo(processes.getFirst().list("devices.crl", null).body());
        }
      }
      processes.forEach(Publication::close);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoOnlyServesTakesOverWhatAnotherPublished(TestDatabase kind) {
    try (var office = new Office(kind);
        var second = office.another(PublicationSettings.DEFAULTS)) {
      second.round(false);
      var serial = revoked(office, 1).getFirst();
      second.round(false);
      assertThat(Office.entries(office.list(second, "devices"))).isEmpty();

      office.publication.round(true);
      second.round(false);

      assertThat(Office.entries(office.list(second, "devices"))).containsOnlyKeys(serial.value());
    }
  }

  /** Certificates keep the URL they were issued with; their part answers to it for good. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aPartKeepsTheNamesOfItsEarlierUrls(TestDatabase kind) {
    try (var office = new Office(kind)) {
      assertThat(names(office, null)).contains("urn:sallyport:crl:devices-7");
      assertThat(names(office, "http://one.example"))
          .contains("http://one.example/crl/devices-7.crl")
          .doesNotContain("urn:");
      assertThat(names(office, "http://two.example"))
          .contains("http://one.example/crl/devices-7.crl", "http://two.example/crl/devices-7.crl");
      assertThat(names(office, null)).contains("http://two.example/crl/devices-7.crl");
      for (int url = 0; url < RevocationLists.URLS_MAX; url++) {
        assertThat(names(office, "http://more-" + url + ".example")).contains("http://more-" + url);
      }
      assertThat(names(office, null)).doesNotContain("one.example", "two.example");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aShorterLifeHoldsForTheListsThatAreThere(TestDatabase kind) {
    try (var office = new Office(kind)) {
      office.list("devices");
      try (var hasty = office.another(Office.living(Duration.ofHours(1)))) {
        hasty.round(true);
        var list = office.list(hasty, "devices");
        assertThat(
                Duration.between(
                    list.getThisUpdate().toInstant(), list.getNextUpdate().toInstant()))
            .isEqualTo(Duration.ofHours(1));
      }
    }
  }

  /** With a clock of which six seconds pass at each look: making takes longer than its delay. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void listsThatTakeLongToMakeAreNotMadeAllTheTime(TestDatabase kind) {
    try (var office = new Office(kind)) {
      var begun = office.clock.instant().truncatedTo(ChronoUnit.SECONDS);
      var looks = new AtomicInteger();
      var lists =
          new RevocationLists(
              office.database,
              office.authorities.devices(),
              PublicationSettings.DEFAULTS,
              () -> begun.plusSeconds(6L * looks.incrementAndGet()));
      lists.refresh(true);
      var first = numberOfAll(lists);
      revoked(office, 1);

      for (int look = 3; look < 6; look++) {
        lists.refresh(true);
        assertThat(numberOfAll(lists)).isEqualTo(first);
      }
      lists.refresh(true);
      assertThat(numberOfAll(lists)).isGreaterThan(first);
    }
  }

  private static long numberOfAll(RevocationLists lists) {
    return lists.find(ListName.parse("devices").orElseThrow()).orElseThrow().number();
  }

  private static String names(Office office, @Nullable String url) {
    try (var process = office.another(Office.at(url))) {
      process.round(true);
      var point = office.list(process, "devices-7").getExtensionValue("2.5.29.28");
      return new String(point, StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Serial> revoked(Office office, int count) {
    var now = office.clock.instant();
    var serials =
        IntStream.range(0, count)
            .mapToObj(_ -> office.certified.active(PrincipalKind.DEVICE, now))
            .toList();
    serials.forEach(one -> office.certified.revoke(one, RevocationReason.KEY_COMPROMISE, now));
    return serials;
  }

  private static Map<Integer, Object> parts(Office office) {
    var parts = new HashMap<Integer, Object>();
    for (int part = 0; part < CrlPartition.COUNT; part++) {
      parts.put(part, office.list("devices-" + part));
    }
    return parts;
  }
}
