package io.sallyport.cli.bundle;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.cose.CoseAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Whose signed commands a device obeys, and which: the key that signs, the one after it, and the
 * names of commands that they may give.
 *
 * @param tenant the installation, as its commands are signed with
 * @param keys the older first
 * @param allowed names of commands
 */
public record CommandTrust(String tenant, List<Key> keys, List<CommandName> allowed) {
  /** What every agent can do, and no harm comes of. */
  public static final List<CommandName> HARMLESS =
      List.of(new CommandName("ping"), new CommandName("report"));

  static final String FILE = "command-keys.json";

  // SEC 1, section 2.3.3: 04, x, y; with it a SubjectPublicKeyInfo ends.
  private static final int POINT_BYTES = 65;

  /**
   * A command key.
   *
   * @param generation which one of the installation it is, from 1
   * @param spki its SubjectPublicKeyInfo, in base64
   */
  public record Key(PublicKeyHash id, long generation, String spki) {
    static Key read(Answer answer) {
      try {
        var der = Pem.decode(answer.text("publicKey"), "PUBLIC KEY");
        var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
        var id = PublicKeyHash.of(key);
        var generation = answer.number("generation");
        if (CoseAlgorithm.ES256.fits(key)
            && Arrays.equals(der, key.getEncoded())
            && id.hex().equals(answer.text("id"))
            && generation > 0) {
          return new Key(id, generation, Base64.getEncoder().encodeToString(der));
        }
      } catch (MalformedPem | GeneralSecurityException _) {
        // Told below.
      }
      throw Failure.unavailable("the server names a malformed command key");
    }

    byte[] point() {
      var der = Base64.getDecoder().decode(spki);
      return Arrays.copyOfRange(der, der.length - POINT_BYTES, der.length);
    }
  }

  /** Copies the lists. */
  public CommandTrust {
    keys = List.copyOf(keys);
    allowed = List.copyOf(allowed);
  }

  /** What an answer says of the keys that sign commands; those that are retired are left out. */
  public static CommandTrust read(Answer answer, List<CommandName> allowed) {
    var keys =
        answer.objects("keys").stream()
            .filter(key -> !key.text("standing").equals("retired"))
            .map(Key::read)
            .sorted(Comparator.comparingLong(Key::generation))
            .toList();
    if (keys.isEmpty() || keys.size() > AllowList.SIGNERS_MAX) {
      throw Failure.unavailable("the server names " + keys.size() + " command keys");
    }
    return new CommandTrust(answer.text("tenant"), keys, allowed);
  }

  /** For devices that read files. */
  BundleFile file() {
    var json = Json.mapper().createObjectNode().put("tenant", tenant);
    var signers = json.putArray("signers");
    for (var key : keys) {
      var signer = signers.addObject().put("id", key.id().hex());
      signer.put("generation", key.generation()).put("key", key.spki());
      var commands = signer.putArray("commands");
      allowed.forEach(name -> commands.add(name.value()));
    }
    var text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    return BundleFile.open(FILE, text + "\n");
  }
}
