package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.FleetFile.Entry;
import io.sallyport.cli.enrolment.Issued;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.enrolment.Recovery;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Serial;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Some devices of a batch, which go through the same steps together: their keys are on the disk,
 * then their certificates are asked for, then their outputs are on the disk, then what will be said
 * of them, then the outputs get their names, then the keys go. Whatever was done stays done when
 * the process is killed in between.
 */
final class Portion {
  /** Bound: devices of one request; the server takes at most 500. */
  static final int SIZE = 100;

  private final Line line;
  private final List<Entry> entries;
  private final KeyJournal journal;
  private final Records records;
  private final List<Refusal> refused = new ArrayList<>();

  Portion(Line line, int number, List<Entry> entries) {
    this.line = line;
    this.entries = entries;
    journal = line.journal(number);
    records = line.records(number);
  }

  /** Whether an earlier run finished it. */
  boolean isFinished() {
    return records.exist() && !journal.exists();
  }

  /** How many devices an earlier run finished. */
  int finished() {
    return (int) entries.stream().filter(this::hasOutput).count();
  }

  /** Does what is left to be done; who was refused. */
  List<Refusal> run() {
    if (isFinished()) {
      return List.of();
    }
    var keys = keys();
    try {
      var known = records.read();
      var missing = missing(keys, known);
      var made = write(issued(missing));
      known.putAll(made);
      records.write(List.copyOf(known.values()));
      var names =
          missing.stream()
              .filter(key -> made.containsKey(key.id()))
              .map(key -> line.writer().name(key.applicant()))
              .toList();
      OwnerFiles.renameAll(line.drafts(), line.out(), names);
      if (refused.isEmpty()) {
        journal.destroy();
      }
      return refused;
    } finally {
      keys.values().forEach(MadeKey::close);
    }
  }

  private Map<String, MadeKey> keys() {
    List<MadeKey> keys;
    if (journal.exists()) {
      keys = journal.read();
    } else {
      keys = entries.stream().map(entry -> MadeKey.make(entry.applicant())).toList();
      journal.write(keys);
    }
    var byId = new LinkedHashMap<String, MadeKey>();
    keys.forEach(key -> byId.put(key.id(), key));
    return byId;
  }

  /** Whose output is not there yet. */
  private List<MadeKey> missing(Map<String, MadeKey> keys, Map<String, DeviceFacts> known) {
    var missing = new ArrayList<MadeKey>();
    for (var entry : entries) {
      var id = entry.applicant().id().value();
      if (!hasOutput(entry)) {
        var key = keys.get(id);
        if (key == null) {
          throw Failure.badInput("the keys of an earlier run lack that of '" + id + "'");
        }
        missing.add(key);
      } else if (!known.containsKey(id)) {
        throw Failure.badInput(
            "something else than the output of '" + id + "' is there already, in " + line.out());
      }
    }
    return missing;
  }

  private boolean hasOutput(Entry entry) {
    var output = line.out().resolve(line.writer().name(entry.applicant()));
    return Files.exists(output, LinkOption.NOFOLLOW_LINKS);
  }

  private Map<MadeKey, Issued> issued(List<MadeKey> keys) {
    var issued = new LinkedHashMap<MadeKey, Issued>();
    if (keys.isEmpty()) {
      return issued;
    }
    var answer = line.control().post("devices/batch" + line.wishes().query(), request(keys));
    var authorities = new Authorities(answer);
    var results = new HashMap<String, Answer>();
    answer.objects("results").forEach(result -> results.put(result.text("id"), result));
    for (var key : keys) {
      var result = results.get(key.id());
      if (result == null) {
        throw Failure.unavailable("the server did not say what became of '" + key.id() + "'");
      }
      if (result.text("status").equals("issued")) {
        issued.put(key, authorities.issued(result, key));
      } else {
        recover(key, result).ifPresent(found -> issued.put(key, found));
      }
    }
    return issued;
  }

  private JsonNode request(List<MadeKey> keys) {
    var asked = new HashMap<String, MadeKey>();
    keys.forEach(key -> asked.put(key.id(), key));
    var request = Json.mapper().createObjectNode().put("batch", line.batch());
    var devices = request.putArray("devices");
    for (var entry : entries) {
      var key = asked.get(entry.applicant().id().value());
      if (key != null) {
        devices.add(line.wishes().request(key.applicant(), key.request(), entry.wishes()));
      }
    }
    return request;
  }

  /** A refusal, unless an earlier run got this very key certified and did not learn of it. */
  private Optional<Issued> recover(MadeKey key, Answer result) {
    var reason = result.text("reason");
    var why = result.optionalText("detail").orElse(reason);
    var found = find(key);
    if (found.isEmpty() && reason.startsWith("batch-")) {
      // It holds for all others as well.
      throw Failure.refused(why);
    }
    if (found.isEmpty()) {
      refused.add(new Refusal(key.id(), why));
    }
    return found;
  }

  private Optional<Issued> find(MadeKey key) {
    return new Recovery(line.control())
        .find(key.applicant(), key.publicKey())
        .map(answer -> new Authorities(answer).issued(answer, key));
  }

  private Map<String, DeviceFacts> write(Map<MadeKey, Issued> issued) {
    var made = new LinkedHashMap<String, DeviceFacts>();
    issued.forEach(
        (key, certificate) -> {
          try (var credentials =
              line.shape()
                  .credentials(key.applicant(), certificate, line.gate(), key.privateKey())) {
            var files = line.shape().format().files(credentials);
            var outputs = line.writer().write(line.drafts(), key.applicant(), files);
            made.put(key.id(), facts(key, certificate.chain().getFirst(), outputs));
          }
        });
    return made;
  }

  private static DeviceFacts facts(
      MadeKey key, X509Certificate certificate, List<DeviceFacts.Output> outputs) {
    try {
      return new DeviceFacts(
          key.id(),
          Serial.of(certificate).hex(),
          certificate.getNotAfter().toInstant().toString(),
          PublicKeyHash.of(key.publicKey()).hex(),
          Fingerprint.ofDer(certificate.getEncoded()).hex(),
          outputs);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }

  /** The issuer and the root of an answer, read once for all certificates in it. */
  private static final class Authorities {
    private final X509Certificate issuer;
    private final List<X509Certificate> roots;

    Authorities(Answer answer) {
      issuer = certificate(answer.texts("chain").getFirst());
      roots = certificates(answer.text("ca"));
    }

    /** Makes sure that it certifies the key that was sent and no other. */
    Issued issued(Answer result, MadeKey key) {
      var leaf = certificate(result.object("certificate").text("pem"));
      if (!PublicKeyHash.of(leaf.getPublicKey()).equals(PublicKeyHash.of(key.publicKey()))) {
        throw Failure.unavailable("the server answered with the certificate of another key");
      }
      return new Issued(List.of(leaf, issuer), roots);
    }

    private static X509Certificate certificate(String pem) {
      return certificates(pem).getFirst();
    }

    private static List<X509Certificate> certificates(String pem) {
      try {
        return Pem.certificates(pem);
      } catch (MalformedPem e) {
        throw Failure.unavailable("the server answered with a malformed certificate", e);
      }
    }
  }
}
