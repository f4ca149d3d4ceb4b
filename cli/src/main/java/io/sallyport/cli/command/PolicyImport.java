package io.sallyport.cli.command;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.policy.mosquitto.AclFile;
import io.sallyport.policy.mosquitto.Finding;
import io.sallyport.policy.mosquitto.MalformedAcl;
import io.sallyport.policy.mosquitto.MosquittoConf;
import io.sallyport.policy.mosquitto.MosquittoImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy import}: rights from elsewhere. */
@Command(
    name = "import",
    description = "Translate the rights of another broker into policies.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport policy import mosquitto /etc/mosquitto/acl")
public final class PolicyImport {
  // Bound: a character is at most so many bytes of UTF-8 for each of Java's.
  private static final int BYTES_PER_CHARACTER = 3;

  private final Terminal terminal;

  /** The commands. */
  public PolicyImport(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Translate an ACL file of Mosquitto, and find the traps in it.",
        "",
        "A user becomes the principal of that id. What a policy cannot say exactly is never said"
            + " more widely: the line is named, and what is lost.",
        "Ends with 0 if every line is kept exactly, with 1 if one is not, and with 2 if Mosquitto"
            + " would not start with the file."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  sallyport policy import mosquitto /etc/mosquitto/acl --conf"
              + " /etc/mosquitto/mosquitto.conf --out policies")
  int mosquitto(
      @Parameters(paramLabel = "ACLFILE", description = "The file; - for the standard input.")
          String file,
      @Option(
              names = "--conf",
              paramLabel = "FILE",
              description = "The mosquitto.conf that names it: more is known then.")
          @Nullable String conf,
      @Option(
              names = "--out",
              paramLabel = "DIR",
              description = "Write the documents to this directory, as NAME.json.")
          @Nullable Path directory,
      @Option(names = "--put", description = "Put the policies in force at the server.")
          boolean put,
      @Mixin Format format,
      @Mixin Connection connection) {
    var acl = acl(file);
    var configuration = conf == null ? null : conf(conf);
    var translated =
        configuration == null ? MosquittoImport.of(acl) : MosquittoImport.of(acl, configuration);
    var findings =
        new ArrayList<>(configuration == null ? List.<Finding>of() : configuration.findings());
    if (configuration != null) {
      findings.addAll(RevocationLists.findings(configuration));
    }
    findings.addAll(translated.findings());
    if (directory != null) {
      write(translated, directory);
    }
    if (put) {
      put(translated, connection);
    }
    if (format.json()) {
      Json.print(terminal, json(translated, findings));
    } else {
      print(translated, findings);
    }
    return translated.isExact() ? 0 : 1;
  }

  private AclFile acl(String file) {
    var input = InputFile.read(file, AclFile.LENGTH_MAX * BYTES_PER_CHARACTER, terminal);
    try {
      return AclFile.parse(input.text());
    } catch (MalformedAcl e) {
      throw Failure.badInput(
          input.name()
              + ":"
              + e.line()
              + ": Mosquitto would not start with this: "
              + e.getMessage());
    }
  }

  private MosquittoConf conf(String file) {
    return MosquittoConf.parse(InputFile.read(file, MosquittoConf.LENGTH_MAX, terminal).text());
  }

  private void write(MosquittoImport translated, Path directory) {
    try {
      Files.createDirectories(directory);
      for (var policy : translated.policies()) {
        Files.writeString(directory.resolve(policy.name() + ".json"), policy.json());
      }
    } catch (IOException e) {
      throw Failure.unavailable("the documents cannot be written: " + directory, e);
    }
  }

  private static void put(MosquittoImport translated, Connection connection) {
    try (var control = connection.open()) {
      for (var policy : translated.policies()) {
        control.put("policies/" + ControlClient.segment(policy.name()), policy.json());
      }
    }
  }

  private void print(MosquittoImport translated, List<Finding> findings) {
    var lines = Table.of("#LINE", "RULE", "KEPT", "BY");
    for (var line : translated.lines()) {
      lines.row(
          String.valueOf(line.number()),
          line.text(),
          lower(line.kept()),
          String.join(" ", line.policies().stream().sorted().toList()));
    }
    lines.print(terminal);
    for (var line : translated.lines()) {
      line.why().forEach(why -> terminal.line("line " + line.number() + ": " + why));
    }
    printFindings(findings);
    printAttachments(translated);
  }

  private void printFindings(List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    terminal.line("");
    for (var finding : findings) {
      terminal.line(
          lower(finding.severity())
              + " "
              + lower(finding.file())
              + (finding.line() == 0 ? "" : ":" + finding.line())
              + " "
              + finding.code()
              + ": "
              + finding.message());
      terminal.line("    " + finding.advice());
    }
  }

  private void printAttachments(MosquittoImport translated) {
    terminal.line("");
    translated
        .attachments()
        .forEach((user, names) -> terminal.line(user + " needs " + listed(names)));
    terminal.line("everybody else needs " + listed(translated.patternPolicies()));
  }

  private static String listed(List<String> names) {
    return names.isEmpty() ? "no policy: nothing is allowed" : String.join(" ", names);
  }

  private static ObjectNode json(MosquittoImport translated, List<Finding> findings) {
    var json = Json.mapper().createObjectNode().put("exact", translated.isExact());
    var lines = json.putArray("lines");
    for (var line : translated.lines()) {
      var one = lines.addObject();
      one.put("line", line.number()).put("rule", line.text()).put("kept", lower(line.kept()));
      line.policies().stream().sorted().forEach(one.putArray("policies")::add);
      line.why().forEach(one.putArray("lost")::add);
    }
    var all = json.putArray("findings");
    for (var finding : findings) {
      all.addObject()
          .put("severity", lower(finding.severity()))
          .put("file", lower(finding.file()))
          .put("line", finding.line())
          .put("code", finding.code())
          .put("message", finding.message())
          .put("advice", finding.advice());
    }
    var documents = json.putObject("policies");
    translated
        .policies()
        .forEach(policy -> documents.set(policy.name(), Json.mapper().readTree(policy.json())));
    var attachments = json.putObject("attachments");
    translated
        .attachments()
        .forEach((user, names) -> names.forEach(attachments.putArray(user)::add));
    translated.patternPolicies().forEach(json.putArray("everybodyElse")::add);
    return json;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
