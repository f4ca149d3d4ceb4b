package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Signed commands, read and written again by another's library. */
class CommandEnvelopeTest {
  private static final Path VECTORS =
      Path.of("../identity/src/test/resources/io/sallyport/identity/command/vectors.json");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** The payload of each good command is, byte by byte, what cbor2 writes canonically. */
  @Test
  void areInTheCanonicalEncodingOfAnother() throws Exception {
    var cbor = Cbor2.need(folder);
    int seen = 0;
    for (var one : JSON.readTree(Files.readString(VECTORS)).get("cases")) {
      // cbor2 sorts the keys of one map by RFC 7049 where they are of several kinds.
      if (!one.get("verdict").asString().equals("accepted")
          || one.get("name").asString().equals("every-kind-of-argument")) {
        continue;
      }
      var hex = one.get("envelope").asString();
      var again =
          cbor.encodeExpression(
              "(lambda m: cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps(cbor2.loads(m.value[0]),"
                  + " canonical=True), m.value[1], cbor2.dumps(cbor2.loads(m.value[2]),"
                  + " canonical=True), m.value[3]]), canonical=True))(cbor2.loads(bytes.fromhex('"
                  + hex
                  + "')))");
      assertThat(HexFormat.of().formatHex(again)).as(one.get("name").asString()).isEqualTo(hex);
      seen++;
    }
    assertThat(seen).isGreaterThan(10);
  }
}
