package io.sallyport.conformance.provisioning;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Python's cbor2: what somebody else writes and reads as CBOR. */
final class Cbor2 {
  private static final JsonMapper JSON = new JsonMapper();

  // Debian's own is the one that has Debian's packages; elsewhere it may be any.
  private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

  private final Path folder;
  private final String python;

  private Cbor2(Path folder, String python) {
    this.folder = folder;
    this.python = python;
  }

  /** Goes on only if it is installed. */
  static Cbor2 need(Path folder) {
    var found = find(folder);
    Tool.need("python3-cbor2", found.isPresent());
    return new Cbor2(folder, found.orElseThrow());
  }

  private static Optional<String> find(Path folder) {
    return PYTHONS.stream()
        .filter(python -> !python.startsWith("/") || Files.isExecutable(Path.of(python)))
        .filter(
            python ->
                Program.runLine(folder, python + " -c 'import cbor2' 2>/dev/null").exit() == 0)
        .findFirst();
  }

  /** Encodes a value that is given in JSON. */
  byte[] encode(String json) {
    return written("sys.stdout.write(b64encode(cbor2.dumps(json.loads(text))).decode())", json);
  }

  /** The same in its canonical form: RFC 8949, 4.2. */
  byte[] encodeCanonically(String json) {
    return written(
        "sys.stdout.write(b64encode(cbor2.dumps(json.loads(text), canonical=True)).decode())",
        json);
  }

  /** Encodes what a line of Python says. */
  byte[] encodeExpression(String expression) {
    return written("sys.stdout.write(b64encode(" + expression + ").decode())", "");
  }

  /** Decodes one value, and nothing after it. */
  JsonNode decode(byte[] cbor) {
    var out =
        run(
            "stream = io.BytesIO(b64decode(text)); value = cbor2.load(stream);"
                + " assert stream.read() == b''; json.dump(value, sys.stdout)",
            Base64.getEncoder().encodeToString(cbor));
    return JSON.readTree(out);
  }

  private byte[] written(String statement, String input) {
    return Base64.getDecoder().decode(run(statement, input));
  }

  private String run(String statements, String input) {
    var program =
        Program.start(
            folder,
            List.of(
                python,
                "-c",
                "import cbor2, io, json, sys\nfrom base64 import b64decode, b64encode\n"
                    + "text = sys.stdin.buffer.read().decode('utf-8')\n"
                    + statements));
    try (program) {
      program.type(input);
      program.endInput();
      return program.ended().expecting(0).out();
    }
  }
}
