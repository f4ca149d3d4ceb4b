package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Tool;
import io.sallyport.identity.PublicKeyHash;
import java.nio.file.Path;
import org.bouncycastle.est.ESTException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that show nothing, and wait for an operator. */
class ApprovalTest {
  @TempDir static Path folder;
  private static EstSite site;
  private static EstClient est;

  @BeforeAll
  static void open() {
    Tool.need(Tool.OPENSSL);
    site = new EstSite(folder, "  approval: true\n  retry-after: 1s\n", EstSite.NO_BANS);
    est = new EstClient(site);
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void waitsForTheOperatorAndSendsTheSameAgain() throws Exception {
    var keys = EstClient.keys();
    var request = EstClient.request("pump-2", keys);
    var client = est.connect(null);

    var first = client.simpleEnroll(false, request, null);
    assertThat(first.isCompleted()).isFalse();
    assertThat(first.getNotBefore()).isPositive();
    assertThat(client.simpleEnroll(first).isCompleted()).isFalse();

    site.product.cli("enrolment", "approve", "pump-2", "--type", "pump").expecting(0);

    var certificate = EstClient.only(client.simpleEnroll(first));
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    // The answer may be lost: the same request gets the same certificate.
    assertThat(EstClient.only(client.simpleEnroll(first))).isEqualTo(certificate);
    assertThat(site.product.cli("device", "list").expecting(0).out()).contains("pump-2", "pump");
  }

  @Test
  void isToldWhyItIsRefused() throws Exception {
    var keys = EstClient.keys();
    var request = EstClient.request("pump-3", keys);
    var client = est.connect(null);
    client.simpleEnroll(false, request, null);

    site.product.cli("enrolment", "reject", "pump-3").expecting(0);

    assertThatThrownBy(() -> client.simpleEnroll(false, request, null))
        .isInstanceOf(ESTException.class)
        .hasMessageContaining("403");
  }

  @Test
  void nothingIsForgottenWhenTheProcessIsKilledBetweenAskingAndApproval() throws Exception {
    var keys = EstClient.keys();
    var request = EstClient.request("pump-4", keys);
    assertThat(est.connect(null).simpleEnroll(false, request, null).isCompleted()).isFalse();

    site.product.kill();
    site.product.restart();
    assertThat(site.product.cli("enrolment", "list").expecting(0).out())
        .containsPattern("pump-4 +pending");
    site.product.cli("enrolment", "approve", "pump-4").expecting(0);
    site.product.kill();
    site.product.restart();

    var certificate = EstClient.only(est.connect(null).simpleEnroll(false, request, null));
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    new Ledger(site.product).expect("enrolment-approved", "pump-4", "key");
  }

  @Test
  void oneIdThatTwoKeysClaimIsApprovedByItsKeyOnly() throws Exception {
    var owner = EstClient.keys();
    var thief = EstClient.keys();
    var client = est.connect(null);
    var honest = client.simpleEnroll(false, EstClient.request("pump-5", owner), null);
    var stolen = client.simpleEnroll(false, EstClient.request("pump-5", thief), null);

    assertThat(site.product.cli("enrolment", "approve", "pump-5").exit()).isEqualTo(1);
    var key = PublicKeyHash.of(owner.getPublic()).hex();
    assertThat(site.product.cli("enrolment", "list").expecting(0).out()).contains(key);
    site.product.cli("enrolment", "approve", key).expecting(0);

    assertThat(client.simpleEnroll(stolen).isCompleted()).isFalse();
    assertThat(EstClient.only(client.simpleEnroll(honest)).getPublicKey())
        .isEqualTo(owner.getPublic());
    // By a slip the other is approved, too: the id is taken.
    site.product.cli("enrolment", "approve", "pump-5").expecting(0);
    assertThatThrownBy(() -> client.simpleEnroll(stolen)).isInstanceOf(ESTException.class);
  }
}
