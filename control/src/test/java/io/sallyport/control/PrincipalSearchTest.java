package io.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.PrincipalQuery;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fleet is searched by the database, and what is found is what a look at everybody finds. */
class PrincipalSearchTest {
  private static final List<String> NAMES =
      List.of("site", ",", ":", "a.b", "$", "#-1", "[0]", "@");
  private static final List<String> VALUES =
      List.of("", "x", ":", ",", "\"", "\",\":\":\"x", "a'b", "\\", "$.x", "ä", "%", "X");
  private static final List<String> PREFIXES = List.of("", "a", "a-", "A", "a-1", "zz");
  private static final List<String> TYPES = List.of("", "pump", "Pump", "pu_p");

  private final Principals principals = new Principals(new AttachedPolicies());

  private record One(
      String id, PrincipalKind kind, Standing standing, String type, Map<String, String> members) {}

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void findsWhatALookAtEverybodyFinds(TestDatabase kind) {
    var random = new SplittableRandom(20261123);
    try (var database = kind.fresh()) {
      var fleet = fleet(random);
      database.change(handle -> fleet.forEach(one -> add(handle, one)));
      for (int round = 0; round < 300; round++) {
        var query = query(random);
        assertThat(found(database, query, 1 + random.nextInt(7)))
            .as(query.toString())
            .isEqualTo(
                fleet.stream().filter(one -> fits(one, query)).map(One::id).sorted().toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theApiSearchesAndSaysWhatIsNoCondition(TestDatabase kind) throws Exception {
    try (var desk = Desk.open(kind)) {
      var fleet =
          List.of(
              new One("a-1", PrincipalKind.DEVICE, Standing.ACTIVE, "pump", Map.of("site", "b=&c")),
              new One("a-2", PrincipalKind.DEVICE, Standing.QUARANTINED, "", Map.of()),
              new One("b-1", PrincipalKind.DEVICE, Standing.ACTIVE, "pump", Map.of()));
      desk.database.change(handle -> fleet.forEach(one -> add(handle, one)));

      assertThat(ids(desk, "attribute=site%3Db%3D%26c&tag=site%3Db%3D%26c&prefix=a&limit=1"))
          .containsExactly("a-1");
      assertThat(ids(desk, "standing=quarantined")).containsExactly("a-2");
      assertThat(ids(desk, "type=")).containsExactly("a-2");
      assertThat(ids(desk, "type=pump&after=a-1")).containsExactly("b-1");
      for (var bad :
          List.of(
              "standing=asleep",
              "prefix=%C3%A4",
              "attribute=site",
              "tag=%3Dx",
              "attribute=a%3D1&attribute=a%3D2",
              "tag=a%3D&tag=b%3D&tag=c%3D&tag=d%3D&tag=e%3D&tag=f%3D&tag=g%3D&tag=h%3D&tag=i%3D")) {
        var reply = desk.admin.get("/api/v1/devices?" + bad);
        assertThat(reply.status()).as(bad).isEqualTo(400);
        assertThat(reply.json().get("reason").asString()).isEqualTo("malformed-query");
      }
    }
  }

  private static List<String> ids(Desk desk, String query) throws Exception {
    return desk.admin
        .get("/api/v1/devices?" + query)
        .json()
        .get("devices")
        .valueStream()
        .map(device -> device.get("id").asString())
        .toList();
  }

  private static List<One> fleet(SplittableRandom random) {
    var fleet = new ArrayList<One>();
    for (int i = 0; i < 120; i++) {
      fleet.add(
          new One(
              (random.nextBoolean() ? "a-" : "A") + i,
              random.nextInt(4) == 0 ? PrincipalKind.BACKEND : PrincipalKind.DEVICE,
              any(random, List.of(Standing.values())),
              any(random, TYPES),
              members(random, 4)));
    }
    return fleet;
  }

  private static PrincipalQuery query(SplittableRandom random) {
    return new PrincipalQuery(
        any(random, List.of(PrincipalKind.DEVICE, PrincipalKind.BACKEND)),
        random.nextBoolean() ? null : any(random, List.of(Standing.values())),
        random.nextBoolean() ? null : any(random, TYPES),
        any(random, PREFIXES),
        random.nextInt(3) == 0 ? members(random, 1) : Map.of(),
        random.nextInt(3) == 0 ? members(random, 1) : Map.of());
  }

  private static Map<String, String> members(SplittableRandom random, int most) {
    var members = new java.util.TreeMap<String, String>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      members.put(any(random, NAMES), any(random, VALUES));
    }
    return members;
  }

  private static <T> T any(SplittableRandom random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static boolean fits(One one, PrincipalQuery query) {
    return one.kind() == query.kind()
        && isOneOf(query.standing(), one.standing())
        && isOneOf(query.thingType(), one.type())
        && one.id().startsWith(query.prefix())
        && one.members().entrySet().containsAll(query.attributes().entrySet())
        && one.members().entrySet().containsAll(query.tags().entrySet());
  }

  private static boolean isOneOf(@Nullable Object wanted, Object is) {
    return wanted == null || wanted.equals(is);
  }

  private List<String> found(Database database, PrincipalQuery query, int page) {
    var ids = new ArrayList<String>();
    while (true) {
      var next = principals.search(database, query, ids.isEmpty() ? "" : ids.getLast(), page);
      if (next.isEmpty()) {
        return ids;
      }
      next.stream().map(PrincipalRecord::id).map(PrincipalId::value).forEach(ids::add);
    }
  }

  private static void add(org.jdbi.v3.core.Handle handle, One one) {
    Principals.insert(
        handle, new PrincipalId(one.id()), one.kind(), one.type(), one.members(), Instant.EPOCH);
    handle.execute(
        "update principal set tags = attributes, standing = ? where id = ?",
        one.standing().name().toLowerCase(java.util.Locale.ROOT),
        one.id());
  }
}
