package io.sallyport.cli.factory;

import io.sallyport.cli.bundle.CommandTrust;
import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.enrolment.FleetFile.Entry;
import io.sallyport.cli.enrolment.FolderLock;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.enrolment.Shape;
import io.sallyport.cli.enrolment.Wishes;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.cms.Envelope;
import io.sallyport.identity.issuance.WorkSeal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code factory}: everything that one batch of devices is flashed with. */
@Command(
    name = "factory",
    description = {
      "Make a batch of devices: keys, certificates, and what each is flashed with.",
      "",
      "Run again after a crash or Ctrl-C, the same command goes on where it was. The folder has one"
          + " entry for each device and, when all are there, a manifest without secrets that the"
          + " operator signed. Keys that wait for their certificates are sealed with the operator's"
          + " key, so the same operator must go on."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport factory --batch B7 --count 10000 --out b7/ --format esp-nvs",
      "  sallyport factory --batch B7 --ids b7.csv --out b7/ --encrypt-to station.pem",
      "  sallyport factory verify b7/"
    })
public final class FactoryCommand implements Callable<Integer> {
  private static final String WORK = ".factory";
  private static final int JOBS_MAX = 64;
  private static final int REFUSALS_SHOWN = 20;
  private static final int PEM_MAX = 64 * 1024;

  private final Surroundings surroundings;

  @Option(names = "--batch", paramLabel = "NAME", description = "The batch; made if it is new.")
  private @Nullable String batch;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder of the batch; new, or of an earlier run of the same command.")
  private @Nullable Path out;

  @Option(
      names = "--encrypt-to",
      paramLabel = "FILE",
      description = {
        "A station's certificate in PEM: each device becomes one file ID.tar.cms that only that"
            + " station opens, and no secret is written in clear."
      })
  private @Nullable String station;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "8",
      description = "Portions of 100 devices under way at once, 1 to 64; default: 8.")
  private int jobs = 8;

  @Mixin private final Ids ids = new Ids();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Wishes wishes = new Wishes();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public FactoryCommand(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    if (batch == null || out == null) {
      throw Failure.badInput("name the batch with --batch and its folder with --out");
    }
    if (!PrincipalId.isCertifiable(batch)) {
      throw Failure.badInput(
          "a batch's name has 1 to 64 characters of A-Z a-z 0-9 : _ -, not '" + batch + "'");
    }
    if (jobs < 1 || jobs > JOBS_MAX) {
      throw Failure.badInput("--jobs is 1 to " + JOBS_MAX + ", not " + jobs);
    }
    var entries = ids.entries(batch, surroundings.terminal());
    var certificate = station == null ? null : certificate(station);
    var wanted = plan(batch, entries, certificate);
    return report(run(wanted, entries, certificate, out.toAbsolutePath().normalize()));
  }

  private FactoryRun.Summary run(
      Plan wanted, List<Entry> entries, @Nullable X509Certificate certificate, Path folder) {
    var work = folder.resolve(WORK);
    if (Manifest.isIn(folder)) {
      return finished(wanted, entries, folder);
    }
    if (OwnerFiles.occupied(folder) && !Files.isDirectory(work)) {
      throw Failure.badInput("the folder is there already and not empty: " + folder);
    }
    var operator = connection.operator();
    try (var control = connection.open()) {
      requireBatch(control, wanted, work);
      OwnerFiles.createFolders(work);
      try (var lock = FolderLock.take(work.resolve("lock"), folder)) {
        var plan = wanted.begin(work);
        try (var seal = WorkSeal.of(operator.key(), HexFormat.of().parseHex(plan.salt()))) {
          var line = line(control, plan, certificate, seal, folder);
          var run = new FactoryRun(surroundings, line, plan, operator, jobs);
          var summary = run.run(entries);
          if (summary.refused().isEmpty()) {
            lock.delete();
            FactoryRun.tidy(work);
          }
          return summary;
        }
      }
    }
  }

  private Line line(
      ControlClient control,
      Plan plan,
      @Nullable X509Certificate certificate,
      WorkSeal seal,
      Path folder) {
    var chosen = shape.chosen();
    var gate =
        chosen.handOut(control, PrincipalKind.DEVICE, Gate.read(control.get("ca")), plan.count());
    var writer = new Writer(certificate == null ? null : envelope(certificate));
    var work = folder.resolve(WORK);
    return new Line(control, plan.batch(), wishes, chosen, gate, writer, seal, folder, work);
  }

  private Plan plan(String name, List<Entry> entries, @Nullable X509Certificate certificate) {
    if (certificate != null) {
      var _ = envelope(certificate);
    }
    var chosen = shape.chosen();
    var ids = new StringBuilder();
    var terms = new StringBuilder(wishes.query());
    if (!chosen.allowed().equals(CommandTrust.HARMLESS)) {
      terms.append(chosen.allowed());
    }
    for (var entry : entries) {
      ids.append(entry.applicant().id()).append('\n');
      terms.append(wishes.request(entry.applicant(), "", entry.wishes()));
    }
    return new Plan(
        name,
        entries.size(),
        hash(ids),
        chosen.format().word(),
        chosen.nvsSize(),
        chosen.pinned(),
        hash(terms),
        certificate == null ? null : fingerprint(certificate),
        HexFormat.of().formatHex(WorkSeal.salt()));
  }

  /** The same command once more, after the end: nothing is left to do. */
  private static FactoryRun.Summary finished(Plan wanted, List<Entry> entries, Path folder) {
    try (var stream = Files.newInputStream(folder.resolve(Manifest.FILE))) {
      var manifest = Json.mapper().readValue(stream.readAllBytes(), Manifest.class);
      var ids = new StringBuilder();
      manifest.devices().stream().map(DeviceFacts::id).forEach(id -> ids.append(id).append('\n'));
      if (manifest.batch().equals(wanted.batch()) && hash(ids).equals(wanted.ids())) {
        FactoryRun.tidy(folder.resolve(WORK));
        return new FactoryRun.Summary(0, entries.size(), List.of());
      }
    } catch (IOException | RuntimeException e) {
      throw Failure.badInput("the manifest cannot be read: " + folder.resolve(Manifest.FILE));
    }
    throw Failure.badInput("another batch is there already: " + folder);
  }

  /** The batch, made if it is new; it must be for as many devices as are asked for. */
  private static void requireBatch(ControlClient control, Plan wanted, Path work) {
    var known = Batch.find(control, wanted.batch());
    if (known.isEmpty()) {
      var body = Json.mapper().createObjectNode().put("name", wanted.batch());
      control.post("batches", body.put("wanted", wanted.count()));
      return;
    }
    // A claim may have made more room in it since this run was begun.
    if (known.get().number("wanted") != wanted.count() && !wanted.isBegunIn(work)) {
      throw Failure.badInput(
          "the batch '"
              + wanted.batch()
              + "' is for "
              + known.get().number("wanted")
              + " devices, not "
              + wanted.count());
    }
  }

  private X509Certificate certificate(String file) {
    try {
      return Pem.certificate(InputFile.read(file, PEM_MAX, surroundings.terminal()).text());
    } catch (MalformedPem e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }

  private static Envelope envelope(X509Certificate certificate) {
    try {
      return Envelope.to(certificate);
    } catch (Envelope.UnfitStation e) {
      throw Failure.badInput("nothing can be encrypted to that certificate: " + e.getMessage());
    }
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded()).hex();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }

  private static String hash(CharSequence text) {
    return Digests.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private int report(FactoryRun.Summary summary) {
    var json = Json.mapper().createObjectNode().put("batch", batch);
    json.put("made", summary.made()).put("alreadyThere", summary.alreadyThere());
    var refused = json.putArray("refused");
    for (var one : summary.refused()) {
      refused.addObject().put("id", one.id()).put("detail", one.why());
    }
    if (!format.json()) {
      summary.refused().stream()
          .limit(REFUSALS_SHOWN)
          .forEach(one -> surroundings.terminal().line(one.id() + ": " + one.why()));
    }
    format.print(
        surroundings.terminal(),
        json,
        summary.made()
            + " made, "
            + summary.alreadyThere()
            + " already there, "
            + summary.refused().size()
            + " refused"
            + (summary.refused().isEmpty() ? "" : ", so there is no manifest yet"));
    return summary.refused().isEmpty() ? 0 : 1;
  }
}
