package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose commands a device obeys, and which: everything else is refused. */
public final class AllowList {
  /** Bound: keys that a device listens to. */
  public static final int SIGNERS_MAX = 8;

  /**
   * Whose key signs which commands.
   *
   * @param key a key on P-256
   */
  public record Signer(PublicKey key, Map<CommandName, CommandRule> commands) {
    /** Refuses, with {@link IllegalArgumentException}, other keys and what nobody may command. */
    public Signer {
      commands = Map.copyOf(commands);
      if (!CoseAlgorithm.ES256.fits(key)) {
        throw new IllegalArgumentException("a command key is one on P-256");
      }
      var flash = commands.get(CommandName.FLASH_FIRMWARE);
      if (flash != null && !List.of(Channel.LOCAL).containsAll(flash.channels())) {
        throw new IllegalArgumentException(
            CommandName.FLASH_FIRMWARE + " is never a command from afar, whoever signs it");
      }
    }
  }

  private final Map<String, Signer> signers = new HashMap<>();

  /** Those signers, each known by the hash of its key. */
  public AllowList(List<Signer> those) {
    for (var signer : those) {
      signers.put(PublicKeyHash.of(signer.key()).hex(), signer);
    }
    if (signers.size() > SIGNERS_MAX) {
      throw new IllegalArgumentException("at most " + SIGNERS_MAX + " keys command a device");
    }
  }

  @Nullable Signer signer(String keyIdHex) {
    return signers.get(keyIdHex);
  }
}
