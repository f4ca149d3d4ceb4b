package io.sallyport.control.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.analysis.PolicyClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class GroupsTest {
  private static final String ALLOW_ALL =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
      """;

  private static Desk desk;

  GroupsTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) {
    desk = Desk.open(database);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  /** Straight into the registry: for what is tested here nobody needs a certificate. */
  private static void register(List<String> ids) {
    desk.database.change(
        handle ->
            ids.forEach(
                id ->
                    Principals.insert(
                        handle,
                        new PrincipalId(id),
                        PrincipalKind.DEVICE,
                        "",
                        Map.of(),
                        Instant.EPOCH)));
  }

  private static void group(String name, String... members) throws Exception {
    assertThat(post("groups", "{\"name\":\"" + name + "\"}").status()).isEqualTo(201);
    if (members.length > 0) {
      assertThat(add(name, members).status()).isEqualTo(200);
    }
  }

  private static Reply add(String group, String... members) throws Exception {
    return post("groups/" + group + "/members", principals(members));
  }

  private static String principals(String... members) {
    return "{\"principals\":[\"" + String.join("\",\"", members) + "\"]}";
  }

  private static Reply give(String group, String policy) throws Exception {
    return post("groups/" + group + "/policies", "{\"policy\":\"" + policy + "\"}");
  }

  private static Reply attach(String policy, String id) throws Exception {
    return post("policies/" + policy + "/attachments", "{\"principal\":\"" + id + "\"}");
  }

  private static Reply post(String path, String body) throws Exception {
    return desk.admin.post("/api/v1/" + path, body);
  }

  private static void put(String... policies) throws Exception {
    for (var policy : policies) {
      assertThat(desk.admin.put("/api/v1/policies/" + policy, ALLOW_ALL).status()).isEqualTo(200);
    }
  }

  private static List<String> told(String id) {
    return desk.enforcement.lastOf(id).policies().stream().map(policy -> policy.name()).toList();
  }

  private static void assertRefused(Reply reply, int status, String reason) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.json().get("reason").asString()).isEqualTo(reason);
  }

  private static List<String> newest(int count) throws Exception {
    return desk.admin
        .get("/api/v1/ledger?last=" + count)
        .json()
        .get("records")
        .valueStream()
        .map(
            record ->
                record.get("type").asString()
                    + " "
                    + record.get("subject").asString()
                    + " "
                    + record.get("facts"))
        .toList();
  }

  @Test
  void membersHaveTheirGroupsPoliciesAtOnceAndEachOnce() throws Exception {
    register(List.of("m-1", "m-2"));
    put("own", "both", "given");
    group("lamps", "m-1", "m-2");
    attach("own", "m-1");
    attach("both", "m-1");

    give("lamps", "both");
    give("lamps", "given");

    assertThat(told("m-1")).containsExactly("both", "given", "own");
    assertThat(told("m-2")).containsExactly("both", "given");
    var shown = desk.admin.get("/api/v1/devices/m-1").json();
    assertThat(shown.get("policies").toString()).isEqualTo("[\"both\",\"own\"]");
    assertThat(shown.get("groups").toString()).isEqualTo("[\"lamps\"]");
    assertThat(shown.get("effectivePolicies").toString())
        .isEqualTo(
            "[{\"name\":\"both\",\"version\":1,\"attached\":true,\"groups\":[\"lamps\"]},"
                + "{\"name\":\"given\",\"version\":1,\"attached\":false,\"groups\":[\"lamps\"]},"
                + "{\"name\":\"own\",\"version\":1,\"attached\":true,\"groups\":[]}]");
    assertThat(desk.admin.get("/api/v1/policies/given").json().get("groups").toString())
        .isEqualTo("[\"lamps\"]");

    desk.admin.delete("/api/v1/groups/lamps/policies/given");
    assertThat(told("m-2")).containsExactly("both");
    post("groups/lamps/members/remove", principals("m-2", "never-there"));
    assertThat(told("m-2")).isEmpty();
    assertThat(newest(2))
        .containsExactly(
            "policy-detached given {\"group\":\"lamps\"}",
            "group-member-removed lamps {\"principal\":\"m-2\"}");
  }

  @Test
  void aGroupsPolicyExplainsAndIsAnalysed() throws Exception {
    register(List.of("an-1"));
    put("analysed");
    group("an", "an-1");
    var question = "{\"principal\":\"an-1\",\"action\":\"iot:Publish\",\"name\":\"any/topic\"}";
    assertThat(post("policies/explain", question).json().get("allowed").asBoolean()).isFalse();

    give("an", "analysed");
    attach("analysed", "an-1");

    var answer = post("policies/explain", question).json();
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.at("/statement/policy").asString()).isEqualTo("analysed");
    assertThat(new FleetAnalysis(desk.database).classes())
        .filteredOn(one -> one.policies().toString().equals("[analysed v1]"))
        .extracting(PolicyClass::members)
        .containsExactly(1L);
  }

  @Test
  void aBigGroupIsToldOfPageByPage() throws Exception {
    var ids = IntStream.range(0, 450).mapToObj(i -> "big-" + i).toList();
    register(ids);
    put("big");
    group("big");
    add("big", ids.subList(0, 225).toArray(String[]::new));
    add("big", ids.subList(225, 450).toArray(String[]::new));
    assertThat(desk.admin.get("/api/v1/groups/big").json().get("members").asInt()).isEqualTo(450);
    give("big", "big");
    desk.enforcement.told.clear();

    desk.admin.put("/api/v1/policies/big", ALLOW_ALL.replace("Allow", "Deny"));

    assertThat(desk.enforcement.told).hasSize(450).doesNotHaveDuplicates();
    assertThat(desk.enforcement.lastOf("big-449").policies().getFirst().version()).isEqualTo(2);
    var page = desk.admin.get("/api/v1/groups/big/members?limit=2").json();
    assertThat(page.get("members").toString()).isEqualTo("[\"big-0\",\"big-1\"]");
    assertThat(page.get("next").asString()).isEqualTo("big-1");
  }

  @Test
  void nobodyGetsMoreThanTenPoliciesOnAnyWay() throws Exception {
    register(List.of("full", "other"));
    for (int i = 0; i < 11; i++) {
      put("f-" + i);
    }
    group("first", "full");
    for (int i = 0; i < 5; i++) {
      give("first", "f-" + i);
      attach("f-" + (i + 4), "full");
    }
    // Nine by now, one of them twice.
    assertThat(attach("f-9", "full").status()).isEqualTo(200);

    assertRefused(attach("f-10", "full"), 409, "too-many-policies");
    assertThat(give("first", "f-10").json().get("detail").asString()).contains("'full'");
    group("second", "other");
    give("second", "f-10");
    var joining = add("second", "other", "full");
    assertRefused(joining, 409, "too-many-policies");
    assertThat(joining.json().get("detail").asString()).contains("'full'");
    // What it has already is no more.
    assertThat(give("first", "f-9").status()).isEqualTo(200);
    assertThat(told("full")).hasSize(10).doesNotContain("f-10");
  }

  @Test
  void twoChangesAtTheSameTimeDoNotPassTheBoundTogether() throws Exception {
    var ids = IntStream.range(0, 8).mapToObj(i -> "race-" + i).toList();
    register(ids);
    for (int i = 0; i < 11; i++) {
      put("r-" + i);
    }
    group("racing");
    give("racing", "r-10");
    for (var id : ids) {
      for (int i = 0; i < 9; i++) {
        assertThat(desk.control.policies().attach("r-" + i, id, "test")).isNotNull();
      }
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var changes = new ArrayList<Callable<Object>>();
      for (var id : ids) {
        changes.add(() -> desk.control.policies().attach("r-9", id, "test"));
        changes.add(() -> desk.control.groups().add("racing", List.of(id), "test"));
      }
      for (var change : threads.invokeAll(changes)) {
        assertThat(change.get()).isNotNull();
      }
    }
    assertThat(ids).allSatisfy(id -> assertThat(told(id)).hasSize(10));
  }

  @Test
  void groupsAndMembershipsAreBounded() throws Exception {
    register(List.of("joiner"));
    for (int i = 0; i < 10; i++) {
      group("j-" + i, "joiner");
    }
    group("j-10");
    assertRefused(add("j-10", "joiner"), 409, "too-many-groups");
    assertRefused(add("j-10"), 404, "principal-unknown");
    var many = IntStream.rangeClosed(0, 500).mapToObj(i -> "x-" + i).toArray(String[]::new);
    assertRefused(add("j-10", many), 400, "malformed-members");
    for (int i = 0; i < 11; i++) {
      put("g-" + i);
      assertThat(give("j-10", "g-" + i).status()).isEqualTo(i < 10 ? 200 : 409);
    }

    desk.database.change(
        handle -> {
          var batch =
              handle.prepareBatch(
                  "insert into principal_group (name, created_at, created_by) values (?, 0, 'x')");
          for (int i = 0; i < Groups.GROUPS_MAX; i++) {
            batch.bind(0, "bulk-" + i).add();
          }
          batch.execute();
        });
    assertRefused(post("groups", "{\"name\":\"one-more\"}"), 409, "too-many-groups");
    desk.database.change(
        handle -> handle.execute("delete from principal_group where name like 'bulk-%'"));
  }

  @Test
  void whatIsUnknownOrMalformedChangesNothing() throws Exception {
    register(List.of("good"));
    group("strict");
    assertRefused(post("groups", "{\"name\":\"strict\"}"), 409, "group-exists");
    assertRefused(post("groups", "{\"name\":\"no spaces\"}"), 400, "malformed-name");
    assertRefused(add("strict", "good", "nobody"), 404, "principal-unknown");
    assertRefused(add("nowhere", "good"), 404, "group-unknown");
    assertRefused(give("strict", "nope"), 404, "policy-unknown");
    assertRefused(give("nowhere", "default-device"), 404, "group-unknown");
    assertRefused(
        desk.admin.delete("/api/v1/groups/strict/policies/default-device"), 404, "not-attached");
    assertRefused(desk.admin.get("/api/v1/groups/nowhere/members"), 404, "group-unknown");
    assertRefused(desk.admin.delete("/api/v1/groups/nowhere?force=true"), 404, "group-unknown");
    assertThat(desk.admin.get("/api/v1/groups/strict").json().get("members").asInt()).isZero();
  }

  @Test
  void whoeverIsRevokedStaysForTheRecordAndJoinsNoOther() throws Exception {
    register(List.of("gone"));
    group("was-in", "gone");
    group("not-in");
    assertThat(post("devices/gone/revoke", "{}").status()).isEqualTo(200);

    assertThat(desk.admin.get("/api/v1/groups/was-in/members").json().get("members").toString())
        .isEqualTo("[\"gone\"]");
    assertRefused(add("not-in", "gone"), 409, "revoked");
    assertThat(post("groups/was-in/members/remove", principals("gone")).status()).isEqualTo(200);
  }

  @Test
  void aGroupInUseGoesByForceOnlyAndItsMembersAreDecidedAgain() throws Exception {
    register(List.of("left"));
    put("leaving");
    group("doomed", "left");
    give("doomed", "leaving");
    assertRefused(desk.admin.delete("/api/v1/groups/doomed"), 409, "group-in-use");
    post("groups/doomed/members/remove", principals("left"));
    assertRefused(desk.admin.delete("/api/v1/groups/doomed"), 409, "group-in-use");
    add("doomed", "left");
    assertThat(told("left")).containsExactly("leaving");

    var deleted = desk.admin.delete("/api/v1/groups/doomed?force=true");

    assertThat(deleted.json().get("members").asInt()).isEqualTo(1);
    assertThat(told("left")).isEmpty();
    assertThat(newest(2))
        .containsExactly(
            "policy-detached leaving {\"group\":\"doomed\"}",
            "group-deleted doomed {\"members\":\"1\"}");
    assertThat(desk.admin.get("/api/v1/devices/left").json().get("groups")).isEmpty();
    group("doomed");
    assertThat(desk.admin.delete("/api/v1/groups/doomed").status()).isEqualTo(200);
  }
}
