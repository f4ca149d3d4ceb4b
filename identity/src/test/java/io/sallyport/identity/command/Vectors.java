package io.sallyport.identity.command;

import com.upokecenter.cbor.CBORObject;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Items;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Nothing;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Truth;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.StrictCbor;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code vectors.json} holds, for verifiers in every language. */
final class Vectors {
  static final PrincipalId DEVICE = new PrincipalId("device-001");
  static final String TENANT = "sallyport";
  static final long NOW = 1_800_000_000L;
  static final long SKEW = 60;
  static final Challenge CHALLENGE = new Challenge("c0".repeat(16));

  private static final HexFormat HEX = HexFormat.of();
  private static final ReplayWindow FRESH = ReplayWindow.empty(ReplayWindow.SIZE);

  /** One message and what a device must make of it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Case(
      String name,
      byte[] envelope,
      Channel channel,
      long now,
      @Nullable Challenge challenge,
      ReplayWindow before,
      String verdict,
      ReplayWindow after) {}

  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    var vectors = new Vectors();
    vectors.good();
    vectors.sequences();
    vectors.times();
    vectors.rights();
    vectors.signatures();
    vectors.headers();
    vectors.encodings();
    return vectors.cases;
  }

  private void good() {
    var good = command("reboot", 5);
    accepted("plain", sign(good), FRESH);
    accepted("second-signature-on-fresh-window", TestKeys.mirrored(sign(good)), FRESH);
    accepted("every-kind-of-argument", sign(with(good, everyKind())), FRESH);
    accepted("no-arguments", sign(with(good, Map.of())), FRESH);
    accepted("number-0", sign(command("reboot", 0)), FRESH);
    accepted("highest-number", sign(command("reboot", ReplayWindow.NUMBER_MAX)), FRESH);
    accepted("unlock-in-order", sign(command("unlock", 6)), FRESH.mark(5));
    accepted("reordered-within-window", sign(command("reboot", 5)), FRESH.mark(9));
    accepted("jump-of-64", sign(command("reboot", 69)), FRESH.mark(4).mark(5));
  }

  private static Map<String, CborValue> everyKind() {
    var inner = new HashMap<CborValue, CborValue>();
    inner.put(new Whole(-1), new Whole(Long.MIN_VALUE));
    inner.put(new Whole(24), new Whole(Long.MAX_VALUE));
    inner.put(new Text("z"), new Items(List.of(new Whole(255), new Whole(256), new Whole(65536))));
    inner.put(new Text("aa"), new Bytes(new byte[300]));
    return Map.of(
        "text", new Text("grün"),
        "yes", new Truth(true),
        "no", new Truth(false),
        "none", new Nothing(),
        "map", new Members(inner));
  }

  private void sequences() {
    var five = sign(command("reboot", 5));
    refused("replayed", five, FRESH.mark(5), Refusal.REPLAYED);
    refused("second-signature-replayed", TestKeys.mirrored(five), FRESH.mark(5), Refusal.REPLAYED);
    refused("far-behind", five, FRESH.mark(69), Refusal.SEQUENCE_OLD);
    refused("after-reboot", five, ReplayWindow.floor(7, ReplayWindow.SIZE), Refusal.REPLAYED);
    var unlock = sign(command("unlock", 5));
    refused("unlock-out-of-order", unlock, FRESH.mark(6), Refusal.OUT_OF_ORDER);
    refused("unlock-replayed", unlock, FRESH.mark(5), Refusal.REPLAYED);
    refused(
        "number-out-of-range",
        envelope(header(), payload(members(5, new Whole(1L << 48)), Map.of())),
        FRESH,
        Refusal.SEQUENCE_RANGE);
  }

  private void times() {
    var good = sign(command("reboot", 5));
    var challenged = sign(command("reboot", 5, CHALLENGE));
    timed("one-second-left", good, NOW + 59, null, "accepted");
    timed("expired", good, NOW + 60, null, Refusal.EXPIRED.word());
    timed("clock-behind-within-skew", good, NOW - SKEW + 1, null, "accepted");
    timed("not-yet-valid", good, NOW - SKEW, null, Refusal.NOT_YET_VALID.word());
    timed("challenge-answered", challenged, 0, CHALLENGE, "accepted");
    timed("challenge-not-answered", good, 0, CHALLENGE, Refusal.CHALLENGE.word());
    timed(
        "challenge-of-before",
        challenged,
        0,
        new Challenge("c1".repeat(16)),
        Refusal.CHALLENGE.word());
    timed("challenge-not-made", challenged, NOW, null, Refusal.CHALLENGE.word());
  }

  private void rights() {
    refused("flash-firmware", sign(command("flash-firmware", 5)), FRESH, Refusal.FORBIDDEN);
    refused("not-allowed", sign(command("format-disk", 5)), FRESH, Refusal.NOT_ALLOWED);
    refused("other-channel", sign(command("self-test", 5)), FRESH, Refusal.NOT_ALLOWED);
    var local = sign(command("self-test", 5));
    cases.add(new Case("local", local, Channel.LOCAL, NOW, null, FRESH, "accepted", FRESH.mark(5)));
  }

  private void signatures() {
    var command = command("reboot", 5);
    var good = sign(command);
    var mine = TestKeys.COMMAND;
    var zero = "00".repeat(32);
    var order = TestKeys.hex(TestKeys.ORDER);
    var r = HEX.formatHex(good, good.length - 64, good.length - 32);
    var s = HEX.formatHex(good, good.length - 32, good.length);
    for (var forged :
        Map.of(
                "r-0",
                zero + s,
                "s-0",
                r + zero,
                "both-0",
                zero + zero,
                "r-order",
                order + s,
                "s-order",
                r + order,
                "s-all-ones",
                r + "ff".repeat(32))
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .toList()) {
      var changed = TestKeys.withEnd(good, forged.getValue());
      refused("signature-" + forged.getKey(), changed, FRESH, Refusal.BAD_SIGNATURE);
    }
    refused(
        "transport-key-under-its-own-name",
        SignedCommand.sign(command, TENANT, TestKeys.TRANSPORT.id(), TestKeys.TRANSPORT.signer()),
        FRESH,
        Refusal.UNKNOWN_KEY);
    refused(
        "transport-key-under-the-command-key's-name",
        SignedCommand.sign(command, TENANT, mine.id(), TestKeys.TRANSPORT.signer()),
        FRESH,
        Refusal.BAD_SIGNATURE);
    var other =
        new Command(
            command.id(),
            new PrincipalId("device-002"),
            5,
            command.issued(),
            command.expires(),
            command.name(),
            command.arguments(),
            3,
            null);
    refused("for-another-device", sign(other), FRESH, Refusal.BAD_SIGNATURE);
    refused(
        "says-another-device", envelope(header(), other.payload()), FRESH, Refusal.OTHER_DEVICE);
    refused(
        "for-another-tenant",
        SignedCommand.sign(command, "another", mine.id(), mine.signer()),
        FRESH,
        Refusal.BAD_SIGNATURE);
    refused(
        "receipt-as-command",
        Envelope.sign(
            Envelope.Type.RECEIPT,
            command.payload(),
            mine.id().hex(),
            Envelope.besides(Envelope.Type.RECEIPT, DEVICE, TENANT),
            mine.signer()),
        FRESH,
        Refusal.HEADER);
  }

  private void headers() {
    var payload = command("reboot", 5).payload();
    var kid = new Bytes(HEX.parseHex(TestKeys.COMMAND.id().hex()));
    var typ = new Text("zt-cmd+cbor");
    var es256 = new Whole(-7);
    header("algorithm-es384", Map.of(1, new Whole(-35), 4, kid, 16, typ), Refusal.ALGORITHM);
    header("algorithm-eddsa", Map.of(1, new Whole(-8), 4, kid, 16, typ), Refusal.ALGORITHM);
    header("algorithm-text", Map.of(1, new Text("ES256"), 4, kid, 16, typ), Refusal.ALGORITHM);
    header("algorithm-missing", Map.of(4, kid, 16, typ), Refusal.ALGORITHM);
    header("key-missing", Map.of(1, es256, 16, typ), Refusal.HEADER);
    header("key-too-long", Map.of(1, es256, 4, new Bytes(new byte[33]), 16, typ), Refusal.HEADER);
    header(
        "key-unknown", Map.of(1, es256, 4, new Bytes(new byte[32]), 16, typ), Refusal.UNKNOWN_KEY);
    header("type-missing", Map.of(1, es256, 4, kid), Refusal.HEADER);
    header("type-other", Map.of(1, es256, 4, kid, 16, new Text("zt-cmd")), Refusal.HEADER);
    header(
        "critical",
        Map.of(1, es256, 2, new Items(List.of(new Whole(16))), 4, kid, 16, typ),
        Refusal.HEADER);
    header("unknown-parameter", Map.of(1, es256, 3, new Whole(0), 4, kid, 16, typ), Refusal.HEADER);
    refused("unprotected", raw(header(), HEX.parseHex("a10126"), payload), FRESH, Refusal.HEADER);
    refused(
        "protected-header-empty-map",
        raw(HEX.parseHex("a0"), HEX.parseHex("a0"), payload),
        FRESH,
        Refusal.ALGORITHM);
    refused(
        "protected-header-empty",
        raw(new byte[0], HEX.parseHex("a0"), payload),
        FRESH,
        Refusal.ALGORITHM);
  }

  private void header(String name, Map<Integer, CborValue> header, Refusal refusal) {
    var bytes = StrictCbor.write(Labels.numbers(header));
    refused(name, envelope(bytes, command("reboot", 5).payload()), FRESH, refusal);
  }

  private void encodings() {
    var good = HEX.formatHex(sign(command("reboot", 5)));
    malformed("trailing-byte", good + "00");
    malformed("cut", good.substring(0, good.length() - 2));
    malformed("indefinite-array", "d29f" + good.substring(4) + "ff");
    malformed("five-parts", "d285" + good.substring(4) + "f6");
    malformed("longer-length", good.replaceFirst("^d284", "d29804"));
    refusedHex("untagged", good.substring(2), Refusal.NOT_TAGGED);
    refusedHex("tag-998", "d903e6" + good.substring(2), Refusal.NOT_TAGGED);
    refusedHex("tag-in-two-bytes", "d812" + good.substring(2), Refusal.NOT_TAGGED);
    refusedHex("empty", "", Refusal.NOT_TAGGED);
    refusedHex("too-long", "d2" + "00".repeat(4096), Refusal.TOO_LONG);
    payload("arguments-with-key-twice", "a2616101616101");
    payload("arguments-unsorted", "a2616201616101");
    payload("arguments-indefinite", "bf616101ff");
    payload("number-in-longer-form", "a161611801");
    payload("text-indefinite", "a161617f6161ff");
    payload("text-not-utf-8", "a1616161ff");
    payload("floating-point", "a16161f93c00");
    payload("undefined", "a16161f7");
    payload("simple-value", "a16161f0");
    payload("tag-inside", "a16161c100");
    payload("bignum", "a16161c249010000000000000000");
    payload("number-of-64-bits", "a161611bffffffffffffffff");
    payload("nested-9-levels", "a16161" + "81".repeat(6) + "00");
    payload("key-a-number", "a10101");
    payload("key-empty", "a16001");
    payload("arguments-no-map", "80");
    var deepest = HEX.parseHex("a16161" + "81".repeat(5) + "00");
    accepted(
        "nested-8-levels", envelope(header(), payload(members(5, new Whole(5)), deepest)), FRESH);
    var unknown = new HashMap<>(members(5, new Whole(5)));
    unknown.put(10, new Whole(1));
    refused("unknown-label", envelope(header(), whole(unknown)), FRESH, Refusal.MALFORMED);
    for (int label = 1; label <= 8; label++) {
      var lacking = new HashMap<>(members(5, new Whole(5)));
      lacking.remove(label);
      refused(
          "without-label-" + label, envelope(header(), whole(lacking)), FRESH, Refusal.MALFORMED);
      var wrong = new HashMap<>(members(5, new Whole(5)));
      wrong.put(label, new Truth(true));
      refused(
          "label-" + label + "-of-another-kind",
          envelope(header(), whole(wrong)),
          FRESH,
          Refusal.MALFORMED);
    }
    label("id-of-15-bytes", 1, new Bytes(new byte[15]));
    label("challenge-of-8-bytes", 9, new Bytes(new byte[8]));
    label("device-no-id", 2, new Text("a/b"));
    label("name-empty", 6, new Text(""));
    label("name-with-slash", 6, new Text("re/boot"));
    label("name-of-65", 6, new Text("r".repeat(65)));
    label("negative-number", 3, new Whole(-1));
    label("negative-epoch", 8, new Whole(-1));
    label("expires-as-issued", 5, new Whole(NOW));
    label("expires-after-9999", 5, new Whole(253_402_300_800L));
    var many = new HashMap<String, CborValue>();
    for (int i = 0; i < 33; i++) {
      many.put("a" + i, new Whole(i));
    }
    label("arguments-33", 7, Labels.texts(many));
    label("argument-name-of-65", 7, Labels.texts(Map.of("n".repeat(65), new Whole(1))));
  }

  private void label(String name, int label, CborValue value) {
    var members = new HashMap<>(members(5, new Whole(5)));
    members.put(label, value);
    refused(name, envelope(header(), whole(members)), FRESH, Refusal.MALFORMED);
  }

  private void payload(String name, String argumentsHex) {
    var bytes = payload(members(5, new Whole(5)), HEX.parseHex(argumentsHex));
    refused(name, envelope(header(), bytes), FRESH, Refusal.MALFORMED);
  }

  /** A payload with arguments that nobody here would write. */
  private static byte[] payload(Map<Integer, CborValue> members, byte[] arguments) {
    var out = new ByteArrayOutputStream();
    out.write(0xA0 + members.size());
    for (int label = 1; label <= 8; label++) {
      out.write(label);
      out.writeBytes(
          label == 7 ? arguments : StrictCbor.write(Objects.requireNonNull(members.get(label))));
    }
    return out.toByteArray();
  }

  private static byte[] payload(Map<Integer, CborValue> members, Map<String, CborValue> arguments) {
    return payload(members, StrictCbor.write(Labels.texts(arguments)));
  }

  private static byte[] whole(Map<Integer, CborValue> members) {
    return StrictCbor.write(Labels.numbers(members));
  }

  private static Map<Integer, CborValue> members(int id, CborValue sequence) {
    var members = new HashMap<Integer, CborValue>();
    members.put(1, new Bytes(HEX.parseHex("%032x".formatted(id))));
    members.put(2, new Text(DEVICE.value()));
    members.put(3, sequence);
    members.put(4, new Whole(NOW));
    members.put(5, new Whole(NOW + 60));
    members.put(6, new Text("reboot"));
    members.put(7, Labels.texts(Map.of("delay", new Whole(3))));
    members.put(8, new Whole(3));
    return members;
  }

  private static byte[] header() {
    return StrictCbor.write(
        Labels.numbers(
            Map.of(
                1,
                new Whole(-7),
                4,
                new Bytes(HEX.parseHex(TestKeys.COMMAND.id().hex())),
                16,
                new Text("zt-cmd+cbor"))));
  }

  static byte[] envelope(byte[] header, byte[] payload) {
    return raw(header, new byte[] {(byte) 0xA0}, payload);
  }

  /** Anything, well signed. */
  private static byte[] raw(byte[] header, byte[] unprotected, byte[] payload) {
    var besides = Envelope.besides(Envelope.Type.COMMAND, DEVICE, TENANT);
    var signed =
        StrictCbor.write(
            new Items(
                List.of(
                    new Text("Signature1"),
                    new Bytes(header),
                    new Bytes(besides),
                    new Bytes(payload))));
    var out = new ByteArrayOutputStream();
    out.write(0xD2);
    out.write(0x84);
    out.writeBytes(StrictCbor.write(new Bytes(header)));
    out.writeBytes(unprotected);
    out.writeBytes(StrictCbor.write(new Bytes(payload)));
    out.writeBytes(StrictCbor.write(new Bytes(TestKeys.COMMAND.signer().sign(signed))));
    return out.toByteArray();
  }

  static Command command(String name, long sequence) {
    return command(name, sequence, null);
  }

  static Command command(String name, long sequence, @Nullable Challenge challenge) {
    return new Command(
        new CommandId("%032x".formatted(sequence)),
        DEVICE,
        sequence,
        Instant.ofEpochSecond(NOW),
        Instant.ofEpochSecond(NOW + 60),
        new CommandName(name),
        Map.of("delay", new Whole(3)),
        3,
        challenge);
  }

  static Command with(Command command, Map<String, CborValue> arguments) {
    return new Command(
        command.id(),
        command.device(),
        command.sequence(),
        command.issued(),
        command.expires(),
        command.name(),
        arguments,
        command.policyEpoch(),
        command.challenge());
  }

  static byte[] sign(Command command) {
    return SignedCommand.sign(command, TENANT, TestKeys.COMMAND.id(), TestKeys.COMMAND.signer());
  }

  private void accepted(String name, byte[] envelope, ReplayWindow before) {
    long number =
        CBORObject.DecodeFromBytes(CBORObject.DecodeFromBytes(envelope).get(2).GetByteString())
            .get(CBORObject.FromObject(3))
            .AsInt64Value();
    cases.add(
        new Case(
            name, envelope, Channel.COMMANDS, NOW, null, before, "accepted", before.mark(number)));
  }

  private void refused(String name, byte[] envelope, ReplayWindow before, Refusal refusal) {
    cases.add(
        new Case(name, envelope, Channel.COMMANDS, NOW, null, before, refusal.word(), before));
  }

  private void refusedHex(String name, String envelope, Refusal refusal) {
    refused(name, HEX.parseHex(envelope), FRESH, refusal);
  }

  private void malformed(String name, String envelope) {
    refusedHex(name, envelope, Refusal.MALFORMED);
  }

  private void timed(
      String name, byte[] envelope, long now, @Nullable Challenge challenge, String verdict) {
    var after = verdict.equals("accepted") ? FRESH.mark(5) : FRESH;
    cases.add(new Case(name, envelope, Channel.COMMANDS, now, challenge, FRESH, verdict, after));
  }

  /** The file, one vector in a line. */
  static String json() {
    var command = TestKeys.COMMAND;
    var out = new StringBuilder("{\n");
    out.append(
        """
          "about": "Signed commands: docs/commands.md. All binary is hexadecimal; a window's top is -1 if no command came. A case with a challenge is for a device without a clock.",
          "device": "%s",
          "tenant": "%s",
          "external_aad": "%s",
          "skew": %d,
          "key": {"id": "%s", "spki": "%s", "point": "%s", "secret": "%s"},
          "allowed": {
            "reboot": {"channels": ["commands", "aws-commands"], "strict": false},
            "unlock": {"channels": ["commands"], "strict": true},
            "self-test": {"channels": ["local"], "strict": false}
          },
          "cases": [
        """
            .formatted(
                DEVICE,
                TENANT,
                HEX.formatHex(Envelope.besides(Envelope.Type.COMMAND, DEVICE, TENANT)),
                SKEW,
                command.id().hex(),
                HEX.formatHex(command.publicKey().getEncoded()),
                command.pointHex(),
                command.secretHex()));
    var lines = all().stream().map(Vectors::line).toList();
    out.append(String.join(",\n", lines)).append("\n  ]\n}\n");
    return out.toString();
  }

  private static String line(Case one) {
    var challenge = one.challenge();
    return "    {\"name\": \"%s\", \"channel\": \"%s\", %s, \"before\": %s, \"verdict\": \"%s\", \"after\": %s, \"envelope\": \"%s\"}"
        .formatted(
            one.name(),
            one.channel().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
            challenge == null
                ? "\"now\": " + one.now()
                : "\"challenge\": \"" + challenge.hex() + "\"",
            window(one.before()),
            one.verdict(),
            window(one.after()),
            HEX.formatHex(one.envelope()));
  }

  private static String window(ReplayWindow window) {
    return "{\"size\": %d, \"top\": %d, \"map\": \"%016x\"}"
        .formatted(window.size(), window.top(), window.map());
  }
}
