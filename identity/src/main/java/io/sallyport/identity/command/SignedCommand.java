package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CoseAlgorithm;

/** Makes commands that devices obey. */
public final class SignedCommand {
  private SignedCommand() {}

  /**
   * The command as it is sent: COSE_Sign1 with tag 18.
   *
   * @param tenant the installation that the device belongs to
   * @param keyId the hash of the signing key's public half
   * @throws IllegalArgumentException if it is longer than {@link CommandVerifier#LENGTH_MAX}, or
   *     the key is none for ES256
   */
  public static byte[] sign(Command command, String tenant, PublicKeyHash keyId, EnvelopeKey key) {
    if (key.algorithm() != CoseAlgorithm.ES256) {
      throw new IllegalArgumentException("commands are signed by ES256");
    }
    if (command.sequence() > ReplayWindow.NUMBER_MAX) {
      throw new IllegalArgumentException("no sequence number: " + command.sequence());
    }
    return Envelope.sign(
        Envelope.Type.COMMAND,
        command.payload(),
        keyId.hex(),
        Envelope.besides(Envelope.Type.COMMAND, command.device(), tenant),
        key);
  }
}
