package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.Receipt.Result;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
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
  @CsvSource({"EC,256", "EC,384", "Ed25519,0", "RSA,2048"})
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

  /** Made by {@code rsa-receipts.py}, that is by OpenSSL. */
  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "rsa-receipts.csv", delimiter = ';', numLinesToSkip = 1)
  void receiptsOfRsaKeys(
      String name, boolean good, String kind, String spki, String print, String hex)
      throws Exception {
    var der = Base64.getDecoder().decode(spki);
    var key = KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
    var message = HexFormat.of().parseHex(hex);
    var certificate = new Fingerprint(print);
    var device = new PrincipalId("device-001");
    Function<Fingerprint, Optional<PublicKey>> known =
        asked -> asked.equals(certificate) ? Optional.of(key) : Optional.empty();
    if (good) {
      var receipt = Receipt.verify(message, device, "sallyport", known);
      assertThat(receipt.detail()).isEqualTo("pong");
      assertThat(receipt.sequence()).isEqualTo(7);
      message[message.length - 1] ^= 1;
    }
    assertThatThrownBy(() -> Receipt.verify(message, device, "sallyport", known))
        .as(name)
        .isInstanceOf(Receipt.Refused.class);
  }

  /** Whoever exchanges the label in the header, or the key behind the name, gets nothing. */
  @Test
  void algorithmsAreNotConfused() throws Exception {
    var rsa = pair("RSA", 2048);
    var ec = pair("EC", 256);
    for (var label : CoseAlgorithm.values()) {
      for (var signer : new KeyPair[] {rsa, ec}) {
        var own = EnvelopeKeys.of(signer);
        var mislabelled =
            receipt(Result.EXECUTED, null)
                .sign(
                    Vectors.TENANT,
                    CERTIFICATE,
                    new EnvelopeKey() {
                      @Override
                      public CoseAlgorithm algorithm() {
                        return label;
                      }

                      @Override
                      public byte[] sign(byte[] bytes) {
                        return own.sign(bytes);
                      }
                    });
        refused(mislabelled, signer == rsa ? ec : rsa, Vectors.DEVICE, Vectors.TENANT);
        if (label != own.algorithm()) {
          refused(mislabelled, signer, Vectors.DEVICE, Vectors.TENANT);
        }
      }
    }
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
    var weak = pair("RSA", 1024);
    assertThatThrownBy(() -> EnvelopeKeys.of(weak)).isInstanceOf(IllegalArgumentException.class);
    for (var other : new KeyPair[] {pair("EC", 384), pair("RSA", 2048)}) {
      var key = EnvelopeKeys.of(other);
      assertThatThrownBy(
              () ->
                  SignedCommand.sign(
                      Vectors.command("reboot", 1), Vectors.TENANT, TestKeys.COMMAND.id(), key))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new AllowList.Signer(other.getPublic(), Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
