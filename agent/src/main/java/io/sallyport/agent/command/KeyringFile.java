package io.sallyport.agent.command;

import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.identity.command.Keyring;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command keys that a device has come to believe since it was flashed. They count as long as
 * the bundle has the keys that they began with: whoever puts in another bundle begins anew.
 */
final class KeyringFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FILE = "command-keyring.json";

  private final StateDirectory state;
  private final Keyring bundled;

  KeyringFile(StateDirectory state, Keyring bundled) {
    this.state = state;
    this.bundled = bundled;
  }

  private String began() {
    return bundled.ids().toString();
  }

  /**
   * The keys that are believed now.
   *
   * @throws StateUnavailable if what was kept cannot be read: older keys may have been stolen
   */
  Keyring read() {
    var kept = state.read(FILE);
    if (kept.isEmpty()) {
      return bundled;
    }
    try {
      var json = JSON.readTree(kept.get());
      if (!json.path("began").asString("").equals(began())) {
        return bundled;
      }
      var members = new ArrayList<Keyring.Member>();
      for (var one : json.path("keys")) {
        members.add(member(one));
      }
      return new Keyring(members);
    } catch (RuntimeException | GeneralSecurityException e) {
      throw new StateUnavailable(FILE + " is not what this agent wrote", e);
    }
  }

  /** What a key may order is the bundle's to say: a key that came later inherits it. */
  private Keyring.Member member(JsonNode one) throws GeneralSecurityException {
    var der = Base64.getDecoder().decode(one.path("key").asString(""));
    var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    var heir =
        bundled.members().stream()
            .filter(known -> known.key().equals(key))
            .findFirst()
            .orElse(bundled.newest());
    return new Keyring.Member(one.path("generation").asLong(0), key, heir.allowed());
  }

  void write(Keyring ring) {
    var json = JSON.createObjectNode().put("began", began());
    var keys = json.putArray("keys");
    for (var one : ring.members()) {
      keys.addObject()
          .put("generation", one.generation())
          .put("key", Base64.getEncoder().encodeToString(one.key().getEncoded()));
    }
    state.write(FILE, JSON.writeValueAsBytes(json));
  }
}
