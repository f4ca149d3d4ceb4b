package io.sallyport.app.command;

import io.sallyport.app.configuration.PkiKeys;
import io.sallyport.app.installation.RolloverSite;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Table;
import io.sallyport.control.rollover.Progress;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.rollover.RolloverRefused;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.OfflineRoot;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.issuance.StoredAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ca rollover …}: one CA after another, with both trusted for a while. */
@Command(
    name = "rollover",
    description = "Replace the devices CA or the root, with both trusted for a while.",
    footer = {"", "Example: sallyport ca rollover status"})
final class CaRollover {
  private CaRollover() {}

  static picocli.CommandLine line(Machine machine) {
    return new picocli.CommandLine(new CaRollover())
        .addSubcommand(new Begin(machine))
        .addSubcommand(new Status(machine))
        .addSubcommand(new Activate(machine))
        .addSubcommand(new Retire(machine))
        .addSubcommand(new Cancel(machine));
  }

  /** What a step says where it is refused. */
  interface Step {
    Integer with(RolloverSite site) throws RolloverRefused, AuthorityRefused, CeremonyRefused;
  }

  static Integer on(Place place, Machine machine, Step step) {
    try (var site = RolloverSite.open(place.directory(), place.configuration(), machine)) {
      return step.with(site);
    } catch (RolloverRefused | CeremonyRefused e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    } catch (AuthorityRefused e) {
      throw CaCommand.refusal(e);
    }
  }

  static String shown(StoredAuthority one) {
    return one.name().commonName(one.generation());
  }

  /** Makes the CA that follows, and has it trusted. */
  @Command(
      name = "begin",
      description = {
        "Make a new devices CA or root; from now on it is trusted beside the old one, and signs"
            + " nothing.",
        "",
        "The root's key is taken from ca/, or from the directory of `ca ceremony root`. Where the"
            + " root never comes here, use `ca request` and `ca install`."
      },
      footer = {
        "",
        "Example: sallyport ca rollover begin devices",
        "Example: sallyport ca rollover begin devices --root root/ --passphrase-file secret.txt",
        "Example: sallyport ca rollover begin root --new-root root2/ --passphrase-file secret.txt"
      })
  static final class Begin implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    @Parameters(paramLabel = "WHAT", description = "devices or root.")
    private String what = "";

    @Option(
        names = "--root",
        paramLabel = "DIR",
        description = "The root that is active, as `ca ceremony root` made it.")
    private @Nullable Path root;

    @Option(
        names = "--new-root",
        paramLabel = "DIR",
        description = "Where the new root goes, key and certificate; must not exist yet.")
    private @Nullable Path newRoot;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The passphrase of both directories (else $$SALLYPORT_ROOT_PASSPHRASE).")
    private @Nullable Path passphraseFile;

    Begin(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      boolean isRoot = what.equals(AuthorityName.ROOT.word());
      if (!isRoot && !what.equals(AuthorityName.DEVICES.word())) {
        throw Failure.badInput("what follows is 'devices' or 'root', not '" + what + "'");
      }
      if (isRoot != (newRoot != null)) {
        throw Failure.badInput("--new-root DIR belongs to `ca rollover begin root`");
      }
      return on(
          place,
          machine,
          site -> {
            var under = site.rollover().progress();
            if (under.isPresent()) {
              throw Failure.refused(
                  "a rollover is under way: finish it, or give it up with `ca rollover cancel`");
            }
            var active = root == null ? site.root() : opened(root);
            var fresh = newRoot == null ? null : created(newRoot);
            var now = machine.clock().instant();
            var made =
                site.begin(
                    (maker, _) ->
                        fresh == null
                            ? List.of(maker.devices(active, now))
                            : maker.root(active, fresh, now));
            machine.terminal().line("begun    " + shown(made.getFirst()));
            machine.notice(
                "every gateway trusts it within a second; next: `sallyport ca rollover activate`"
                    + (fresh == null ? "" : ", and put " + newRoot + " away"));
            return 0;
          });
    }

    private OfflineRoot opened(Path directory) throws CeremonyRefused {
      try (var secret = CaCeremony.passphrase(machine, passphraseFile)) {
        return OfflineRoot.open(directory, secret, machine.clock().instant());
      }
    }

    private OfflineRoot created(Path directory) throws CeremonyRefused {
      try (var secret = CaCeremony.passphrase(machine, passphraseFile)) {
        // One that a crash left behind without a rollover is taken, not made again.
        return java.nio.file.Files.exists(directory)
            ? opened(directory)
            : OfflineRoot.create(directory, secret, Serials.random(), machine.clock().instant());
      }
    }
  }

  /** Tells how far it is. */
  @Command(
      name = "status",
      description = {
        "Show how far a rollover is, and which devices are not ready.",
        "",
        "Ready for the end of a devices CA is who has a certificate of the new one; for that of a"
            + " root, who was told of the new one."
      },
      footer = {"", "Example: sallyport ca rollover status --limit 100 --json"})
  static final class Status implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "How many devices that are not ready; at most 1000 (default: 20).")
    private int limit = 20;

    @Option(names = "--after", paramLabel = "ID", description = "Those after that id.")
    private String after = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Status(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      if (limit < 0 || limit > Rollover.PAGE_MAX) {
        throw Failure.badInput("--limit is 0 to " + Rollover.PAGE_MAX);
      }
      return on(
          place,
          machine,
          site -> {
            var threshold = place.configuration().get(PkiKeys.ROLLOVER_THRESHOLD);
            var progress = site.rollover().progress();
            var late = site.rollover().late(after, limit);
            if (json) {
              json(progress.orElse(null), late, threshold);
            } else {
              table(progress.orElse(null), late, threshold);
            }
            return 0;
          });
    }

    private void json(@Nullable Progress progress, List<Rollover.Late> late, int threshold) {
      var document = Json.mapper().createObjectNode();
      document.put("stage", progress == null ? "none" : progress.stage());
      if (progress != null) {
        document.put("authority", progress.name().word());
        document.put("from", progress.name().commonName(progress.from()));
        document.put("to", progress.name().commonName(progress.to()));
        document.put("fromGeneration", progress.from()).put("toGeneration", progress.to());
        document.put("begunAt", progress.begunAt().toString());
        var activated = progress.activatedAt();
        if (activated != null) {
          document.put("activatedAt", activated.toString());
        }
        document.put("devices", progress.present());
        document.put("trusting", progress.trusting());
        document.put("ready", progress.ready());
        document.put("claims", progress.claims());
        document.put("threshold", threshold);
        document.put("retirable", isRetirable(progress, threshold));
        var items = document.putArray("notReady");
        late.forEach(one -> items.addObject().put("id", one.id()).put("trusting", one.trusts()));
        if (late.size() == limit && limit > 0) {
          document.put("next", late.getLast().id());
        }
      }
      Json.print(machine.terminal(), document);
    }

    private void table(@Nullable Progress progress, List<Rollover.Late> late, int threshold) {
      var terminal = machine.terminal();
      if (progress == null) {
        terminal.line("no rollover is under way");
        return;
      }
      terminal.line("stage    " + progress.stage());
      terminal.line("from     " + progress.name().commonName(progress.from()));
      terminal.line("to       " + progress.name().commonName(progress.to()));
      terminal.line("begun    " + progress.begunAt());
      terminal.line("devices  " + progress.present());
      terminal.line("trusting " + progress.trusting());
      terminal.line("ready    " + progress.ready() + ", and " + threshold + "% must be");
      if (progress.claims() > 0) {
        terminal.line("claims   " + progress.claims() + " of the old one are open");
      }
      if (!late.isEmpty()) {
        var table = Table.of("NOT READY", "KNOWS THE NEW ONE");
        late.forEach(one -> table.row(one.id(), one.trusts() ? "yes" : "not known"));
        table.print(terminal);
      }
    }

    private static boolean isRetirable(Progress progress, int threshold) {
      return progress.stage().equals("activated") && progress.reaches(threshold);
    }
  }

  /** Has the new one sign. */
  @Command(
      name = "activate",
      description = {
        "Issue by the new CA from now on; the old one stays trusted, and its certificates valid.",
        "",
        "Not earlier than 5 s after `begin`: every gateway must trust it first."
      },
      footer = {"", "Example: sallyport ca rollover activate"})
  static final class Activate implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    Activate(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      return on(
          place,
          machine,
          site -> {
            site.rollover().activate(RolloverSite.ACTOR);
            machine.notice(
                "it signs; devices move as they renew: `sallyport ca rollover status`, then"
                    + " `sallyport ca rollover retire`");
            return 0;
          });
    }
  }

  /** Ends the old one. */
  @Command(
      name = "retire",
      description = {
        "End the trust in the old CA; its sessions are ended, and its certificates refused.",
        "",
        "Refused while fewer devices are ready than pki.rollover-threshold says."
      },
      footer = {
        "",
        "Example: sallyport ca rollover retire",
        "Example: sallyport ca rollover retire --force --reason \"its key was stolen\""
      })
  static final class Retire implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    @Option(names = "--force", description = "Do it although devices are cut off; needs --reason.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the ledger keeps it.")
    private String reason = "";

    Retire(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      if (force == reason.isBlank() || reason.length() > 200) {
        throw Failure.badInput("--force and --reason TEXT, of at most 200 characters, go together");
      }
      return on(
          place,
          machine,
          site -> {
            var threshold = place.configuration().get(PkiKeys.ROLLOVER_THRESHOLD);
            var last = site.rollover().retire(threshold, force ? reason : null, RolloverSite.ACTOR);
            machine.terminal().line("retired  " + last.name().commonName(last.from()));
            machine.terminal().line("devices  " + last.present());
            machine.terminal().line("ready    " + last.ready());
            return 0;
          });
    }
  }

  /** Gives up what signs nothing yet. */
  @Command(
      name = "cancel",
      description = "Give up a rollover that was not activated; the new CA is never used.",
      footer = {"", "Example: sallyport ca rollover cancel"})
  static final class Cancel implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    Cancel(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      return on(
          place,
          machine,
          site -> {
            site.rollover().cancel(RolloverSite.ACTOR);
            return 0;
          });
    }
  }
}
