package io.sallyport.agent.bundle;

import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.Keyring;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code command-keys.json} of a bundle: whose signed commands the device obeys, and which.
 *
 * @param tenant the installation, as its commands are signed with
 */
public record CommandTrust(String tenant, Keyring keys) {
  static final String FILE = "command-keys.json";
  private static final JsonMapper JSON = new JsonMapper();

  static CommandTrust parse(String text) throws MalformedBundle {
    try {
      var json = JSON.readTree(text);
      var members = new ArrayList<Keyring.Member>();
      for (var signer : json.path("signers")) {
        members.add(member(signer));
      }
      return new CommandTrust(json.required("tenant").asString(), new Keyring(members));
    } catch (JacksonException | IllegalArgumentException | GeneralSecurityException e) {
      throw new MalformedBundle(FILE + " does not say who may command: " + e.getMessage(), e);
    }
  }

  private static Keyring.Member member(JsonNode signer) throws GeneralSecurityException {
    var der = Base64.getDecoder().decode(signer.path("key").asString(""));
    var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    var allowed =
        signer
            .path("commands")
            .valueStream()
            .map(name -> new CommandName(name.asString("")))
            .collect(Collectors.toUnmodifiableSet());
    var member = new Keyring.Member(signer.path("generation").asLong(0), key, allowed);
    if (!member.id().hex().equals(signer.path("id").asString(""))) {
      throw new IllegalArgumentException("a key is not the one of its id");
    }
    return member;
  }
}
