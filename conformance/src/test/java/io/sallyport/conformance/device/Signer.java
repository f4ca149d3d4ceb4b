package io.sallyport.conformance.device;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.SignedCommand;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.StrictCbor;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody with a key on P-256 who commands the device of these tests, or would like to. */
record Signer(KeyPair pair) {
  static final PrincipalId DEVICE = new PrincipalId("pump-17");
  static final String TENANT = "waterworks";
  static final long NOW = 1_800_000_000L;
  static final long SKEW = 60;

  private static final HexFormat HEX = HexFormat.of();

  /** One with a new key. */
  static Signer made() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new Signer(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The lines that make a device which believes this signer. */
  List<String> device() {
    return List.of(
        "device " + DEVICE + " " + TENANT + " " + SKEW,
        "signer %s %s reboot=3,unlock=1,reopen=1s,self-test=4,flash-firmware=7"
            .formatted(keyId(), point()));
  }

  /** The key, by which the device knows it. */
  PublicKeyHash id() {
    return PublicKeyHash.of(pair.getPublic());
  }

  String keyId() {
    return id().hex();
  }

  /** The key, uncompressed. */
  String point() {
    var point = ((ECPublicKey) pair.getPublic()).getW();
    return "04%064x%064x".formatted(point.getAffineX(), point.getAffineY());
  }

  static Command command(String name, long sequence) {
    return command(DEVICE, name, sequence, null, Map.of());
  }

  static Command command(
      PrincipalId device,
      String name,
      long sequence,
      @Nullable Challenge challenge,
      Map<String, CborValue> arguments) {
    return new Command(
        new CommandId("%032x".formatted(sequence)),
        device,
        sequence,
        Instant.ofEpochSecond(NOW),
        Instant.ofEpochSecond(NOW + 60),
        new CommandName(name),
        arguments,
        7,
        challenge);
  }

  /** A command as it is sent. */
  byte[] sign(Command command) {
    return SignedCommand.sign(command, TENANT, id(), EnvelopeKeys.of(pair));
  }

  /** The same, in hexadecimal. */
  String send(String name, long sequence) {
    return HEX.formatHex(sign(command(name, sequence)));
  }

  /** Anything as header and payload, well signed. */
  byte[] signRaw(byte[] header, byte[] payload) {
    var besides =
        array(
            new CborValue.Text("zt-cmd-v1"),
            new CborValue.Text(DEVICE.value()),
            new CborValue.Text(TENANT));
    var signed =
        array(
            new CborValue.Text("Signature1"),
            new CborValue.Bytes(header),
            new CborValue.Bytes(besides),
            new CborValue.Bytes(payload));
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xd2, (byte) 0x84});
    out.writeBytes(StrictCbor.write(new CborValue.Bytes(header)));
    out.write(0xa0);
    out.writeBytes(StrictCbor.write(new CborValue.Bytes(payload)));
    out.writeBytes(StrictCbor.write(new CborValue.Bytes(EnvelopeKeys.of(pair).sign(signed))));
    return out.toByteArray();
  }

  private static byte[] array(CborValue... items) {
    return StrictCbor.write(new CborValue.Items(List.of(items)));
  }
}
