package io.sallyport.firmware.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.firmware.manifest.ReleaseTrust;
import io.sallyport.firmware.manifest.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustFileTest {
  private static final ReleaseTrust TRUST =
      new ReleaseTrust(
          2,
          List.of(
              Samples.signer("alice", Samples.ALICE, Samples.ALICE_PQ),
              Samples.signer("bob", Samples.BOB)));

  @Test
  void readsWhatItWrites() throws Exception {
    var read = TrustFile.read(TrustFile.write(TRUST));

    assertThat(read.threshold()).isEqualTo(2);
    assertThat(read.signers().get(0).hashes())
        .containsExactly(Samples.ALICE.id(), Samples.ALICE_PQ.id());
    assertThat(TrustFile.write(read)).isEqualTo(TrustFile.write(TRUST));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | not JSON",
        "[] | not an object",
        "{\"threshold\":1} | lacks 'signers'",
        "{\"threshold\":1,\"threshold\":1,\"signers\":[]} | not JSON",
        "{\"threshold\":1,\"signers\":[],\"more\":1} | 'more'",
        "{\"threshold\":\"1\",\"signers\":[]} | 'threshold'",
        "{\"threshold\":1,\"signers\":{}} | 'signers'",
        "{\"threshold\":1,\"signers\":[]} | signers",
        "{\"threshold\":1,\"signers\":[1]} | signers[0]",
        "{\"threshold\":1,\"signers\":[{\"name\":1,\"keys\":[]}]} | signers[0]",
        "{\"threshold\":1,\"signers\":[{\"name\":\"A\",\"keys\":[]}]} | 'A'",
        "{\"threshold\":1,\"signers\":[{\"name\":\"a\",\"keys\":[]}]} | no key",
        "{\"threshold\":1,\"signers\":[{\"name\":\"a\",\"keys\":[1]}]} | signers[0].keys[0]",
        "{\"threshold\":1,\"signers\":[{\"name\":\"a\",\"keys\":[\"x\"]}]} | signers[0].keys[0]"
      })
  void saysWhatIsWrongAndWhere(String text, String where) {
    assertThatThrownBy(() -> TrustFile.read(text))
        .isInstanceOf(MalformedTrust.class)
        .hasMessageContaining(where);
  }

  @Test
  void isBounded() {
    assertThatThrownBy(() -> TrustFile.read(" ".repeat(TrustFile.LENGTH_MAX + 1)))
        .isInstanceOf(MalformedTrust.class)
        .hasMessageContaining("longer");
  }
}
