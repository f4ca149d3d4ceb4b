package io.sallyport.app.firmware;

import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.firmware.manifest.SignedManifest;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** A manifest, shown to whoever signs, approves or doubts it. */
final class ManifestReport {
  private ManifestReport() {}

  static void print(Terminal terminal, Format format, SignedManifest signed) {
    if (format.json()) {
      Json.print(terminal, json(signed));
      return;
    }
    var manifest = signed.manifest();
    terminal.line("release   " + manifest.name() + " " + manifest.version());
    terminal.line("id        " + signed.id());
    terminal.line(
        "hardware  "
            + manifest.hardware().stream().map(Object::toString).collect(Collectors.joining(", ")));
    terminal.line("counter   " + manifest.counter());
    terminal.line("image     " + manifest.kind().word() + ", " + manifest.size() + " bytes");
    terminal.line("sha-256   " + manifest.digest());
    terminal.line("signed    " + manifest.issued());
    terminal.line("expires   " + manifest.expires());
    manifest
        .dependencies()
        .forEach((name, least) -> terminal.line("needs     " + name + " " + least + " or later"));
    manifest.sbom().ifPresent(hash -> terminal.line("sbom      " + hash));
    signed.keys().forEach(key -> terminal.line("key       " + key));
  }

  static ObjectNode json(SignedManifest signed) {
    var manifest = signed.manifest();
    var facts = Json.mapper().createObjectNode();
    facts.put("id", signed.id().hex());
    facts.put("name", manifest.name().value());
    facts.put("version", manifest.version().text());
    var hardware = facts.putArray("hardware");
    manifest.hardware().forEach(id -> hardware.add(id.value()));
    facts.put("counter", manifest.counter());
    facts.put("kind", manifest.kind().word());
    facts.put("size", manifest.size());
    facts.put("sha256", manifest.digest().hex());
    facts.put("issued", manifest.issued().toString());
    facts.put("expires", manifest.expires().toString());
    var dependencies = facts.putObject("dependencies");
    manifest.dependencies().forEach((name, least) -> dependencies.put(name.value(), least.text()));
    manifest.sbom().ifPresent(hash -> facts.put("sbom", hash.hex()));
    var keys = facts.putArray("keys");
    signed.keys().forEach(key -> keys.add(key.hex()));
    return facts;
  }
}
