package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.enrolment.ClaimFolder;
import io.sallyport.cli.enrolment.Terms;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code claim}: certificates of production lines. */
@Command(
    name = "claim",
    addMethodSubcommands = false,
    description = "Claim certificates: each enrols so many devices of a batch within a time.")
public final class ClaimCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String CLAIMS = "claims";
  private static final String NAME = "Name of the claim.";
  private static final String CLAIM_IS = "a name is 1 to 64 characters of A-Z a-z 0-9 : _ -";

  private final Terminal terminal;

  /** The commands. */
  public ClaimCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Make a claim: a certificate that enrols devices by EST, or with --template by AWS IoT's",
        "fleet provisioning over MQTT, and opens nothing else.",
        "",
        "The key is made here and is in no other place than the folder."
      },
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport claim create line3 --batch 2026-05 --count 1000 --valid 30d \\",
        "    --ids 'lamp-*' --type lamp --out line3/",
        "  sallyport claim create line4 --batch 2026-05 --count 1000 --ids 'lamp-*' \\",
        "    --template lamps --out line4/"
      })
  int create(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Option(
              names = "--batch",
              required = true,
              paramLabel = "BATCH",
              description = "What it is made for; `claim kill --batch` ends all of one.")
          String batch,
      @Option(
              names = "--count",
              required = true,
              paramLabel = "N",
              description = "How many devices it may enrol.")
          long count,
      @Option(
              names = "--valid",
              defaultValue = "30d",
              paramLabel = "TIME",
              description = "How long, such as 12h or 30d; default: 30d.")
          String valid,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "From when, such as 2026-05-01T06:00:00Z; default: now.")
          @Nullable String from,
      @Option(
              names = "--ids",
              required = true,
              split = ",",
              paramLabel = "PATTERN",
              description =
                  "Ids that it may enrol; * stands for any characters, ? for one; may be repeated.")
          List<String> ids,
      @Option(
              names = "--per-minute",
              paramLabel = "N",
              description = "Most devices in a minute; default: 60.")
          @Nullable Long perMinute,
      @Option(names = "--group", paramLabel = "NAME", description = "Group that the devices join.")
          @Nullable String group,
      @Option(
              names = "--template",
              split = ",",
              paramLabel = "NAME",
              description =
                  "Provisioning template that it may use over MQTT, and then not EST; may be"
                      + " repeated.")
          @Nullable List<String> templates,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "DIR",
              description = "Folder to write: claim.crt, claim.key, ca.crt.")
          Path out,
      @Mixin Terms terms,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (!PrincipalId.isCertifiable(name)) {
      throw Failure.badInput(CLAIM_IS);
    }
    var body = terms.addTo(Json.mapper().createObjectNode().put("name", name));
    body.put("batch", batch).put("count", count);
    body.put("validForSeconds", Span.seconds("--valid", valid));
    ids.forEach(body.putArray("ids")::add);
    if (from != null) {
      body.put("notBefore", from);
    }
    if (perMinute != null) {
      body.put("perMinute", perMinute);
    }
    if (group != null) {
      body.put("group", group);
    }
    if (templates != null) {
      templates.forEach(body.putArray("templates")::add);
    }
    try (var control = connection.open()) {
      var answer =
          ClaimFolder.make(
              new PrincipalId(name), out, csr -> control.post(CLAIMS, body.put("csr", csr)));
      var claim = answer.object("claim");
      format.print(
          terminal,
          claim.json(),
          name
              + " may enrol "
              + count
              + " devices until "
              + claim.text("notAfter")
              + ", in "
              + out);
    }
    return 0;
  }

  @Command(
      description = "List the claims.",
      footerHeading = EXAMPLE,
      footer = "  sallyport claim list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var all = Pages.all(control, CLAIMS, CLAIMS);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        all.forEach(json.putArray(CLAIMS)::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "BATCH", "STATE", "USED", "OF", "GOOD UNTIL", "MADE BY");
      for (var claim : all.stream().map(Answer::new).toList()) {
        table.row(
            claim.text("name"),
            claim.text("batch"),
            claim.text("state"),
            Long.toString(claim.number("used")),
            Long.toString(claim.number("count")),
            claim.text("notAfter"),
            claim.text("createdBy"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show a claim and the devices that it enrolled.",
      footerHeading = EXAMPLE,
      footer = "  sallyport claim show line3")
  int show(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var claim = control.get(path(name));
      var devices = Pages.all(control, path(name) + "/devices", "devices");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        json.set("claim", claim.json());
        devices.forEach(json.putArray("devices")::add);
        Json.print(terminal, json);
        return 0;
      }
      terminal.line("batch    " + claim.text("batch"));
      terminal.line("state    " + claim.text("state"));
      terminal.line("used     " + claim.number("used") + " of " + claim.number("count"));
      terminal.line("window   " + claim.text("notBefore") + " to " + claim.text("notAfter"));
      terminal.line("type     " + claim.text("thingType"));
      devices.forEach(device -> terminal.line("device   " + device.asString()));
    }
    return 0;
  }

  @Command(
      description = {
        "End a claim, or every claim of a batch, at once and on every gateway.",
        "",
        "Devices that were enrolled stay as they are; `claim show` lists them."
      },
      footerHeading = EXAMPLE,
      footer = {"  sallyport claim kill line3", "  sallyport claim kill --batch 2026-05"})
  int kill(
      @Parameters(paramLabel = "NAME", arity = "0..1", description = NAME) @Nullable String name,
      @Option(names = "--batch", paramLabel = "BATCH", description = "Every claim of this batch.")
          @Nullable String batch,
      @Mixin Format format,
      @Mixin Connection connection) {
    if ((name == null) == (batch == null)) {
      throw Failure.badInput("name a claim, or a batch with --batch");
    }
    try (var control = connection.open()) {
      if (batch == null) {
        var answer = control.post(path(name) + "/kill", Json.mapper().createObjectNode());
        format.print(terminal, answer.json(), name + " is ended");
      } else {
        var body = Json.mapper().createObjectNode().put("batch", batch);
        var answer = control.post(CLAIMS + "/kill", body);
        int count = answer.json().path("killed").size();
        format.print(terminal, answer.json(), count + " claims of batch " + batch + " are ended");
      }
    }
    return 0;
  }

  private static String path(@Nullable String name) {
    return CLAIMS + "/" + ControlClient.segment(String.valueOf(name));
  }
}
