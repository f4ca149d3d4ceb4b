package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.Receipt.Result;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What devices sign about commands. */
class ReceiptTest {
  private static final Fingerprint CERTIFICATE = new Fingerprint("0f".repeat(32));
  private static final CommandId ID = new CommandId("01".repeat(16));

  private static Receipt receipt(Result result, @Nullable Refusal refusal) {
    return new Receipt(
        ID, Vectors.DEVICE, 7, result, refusal, "ab".repeat(32), "fine", Instant.ofEpochSecond(9));
  }

  private static KeyPair pair(String kind, int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance(kind);
    if (bits > 0) {
      generator.initialize(bits);
    }
    return generator.generateKeyPair();
  }

  private static Receipt read(byte[] message, KeyPair keys, PrincipalId device, String tenant)
      throws Receipt.Refused {
    return Receipt.verify(
        message,
        device,
        tenant,
        print -> print.equals(CERTIFICATE) ? Optional.of(keys.getPublic()) : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"EC,256", "EC,384", "Ed25519,0"})
  void isReadByWhoKnowsTheCertificate(String kind, int bits) throws Exception {
    var keys = pair(kind, bits);
    for (var said :
        new Receipt[] {
          receipt(Result.EXECUTED, null),
          receipt(Result.REFUSED, Refusal.EXPIRED),
          new Receipt(ID, Vectors.DEVICE, 0, Result.UNKNOWN, null, null, "", null)
        }) {
      var message = said.sign(Vectors.TENANT, CERTIFICATE, EnvelopeKeys.of(keys));
      assertThat(read(message, keys, Vectors.DEVICE, Vectors.TENANT)).isEqualTo(said);
    }
  }

  @Test
  void isRefusedFromAnybodyElseAndOfAnybodyElse() throws Exception {
    var keys = pair("EC", 256);
    var good =
        receipt(Result.EXECUTED, null).sign(Vectors.TENANT, CERTIFICATE, EnvelopeKeys.of(keys));
    refused(good, pair("EC", 256), Vectors.DEVICE, Vectors.TENANT);
    refused(good, keys, new PrincipalId("other"), Vectors.TENANT);
    refused(good, keys, Vectors.DEVICE, "other");
    var otherCertificate =
        receipt(Result.EXECUTED, null)
            .sign(Vectors.TENANT, new Fingerprint("00".repeat(32)), EnvelopeKeys.of(keys));
    refused(otherCertificate, keys, Vectors.DEVICE, Vectors.TENANT);
    refused(Vectors.sign(Vectors.command("reboot", 5)), keys, Vectors.DEVICE, Vectors.TENANT);
    for (int at = 0; at < good.length; at++) {
      var changed = good.clone();
      changed[at] ^= 1;
      refused(changed, keys, Vectors.DEVICE, Vectors.TENANT);
    }
  }

  private static void refused(byte[] message, KeyPair keys, PrincipalId device, String tenant) {
    assertThatThrownBy(() -> read(message, keys, device, tenant))
        .isInstanceOf(Receipt.Refused.class);
  }

  @Test
  void saysNothingImpossible() {
    assertThatThrownBy(() -> receipt(Result.REFUSED, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> receipt(Result.EXECUTED, Refusal.EXPIRED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Receipt(ID, Vectors.DEVICE, -1, Result.EXECUTED, null, null, "", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Receipt(ID, Vectors.DEVICE, 1, Result.EXECUTED, null, "x", "", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Receipt(
                    ID, Vectors.DEVICE, 1, Result.EXECUTED, null, null, "x".repeat(129), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyOfAnotherKindSignsNothing() throws Exception {
    var rsa = pair("RSA", 2048);
    assertThatThrownBy(() -> EnvelopeKeys.of(rsa)).isInstanceOf(IllegalArgumentException.class);
    var p384 = EnvelopeKeys.of(pair("EC", 384));
    assertThatThrownBy(
            () ->
                SignedCommand.sign(
                    Vectors.command("reboot", 1), Vectors.TENANT, TestKeys.COMMAND.id(), p384))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
