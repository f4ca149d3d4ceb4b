package io.sallyport.app;

import io.sallyport.app.agent.AgentCommand;
import io.sallyport.app.agent.SimulateCommand;
import io.sallyport.app.command.BenchCommand;
import io.sallyport.app.command.CaCommand;
import io.sallyport.app.command.RegistryCommand;
import io.sallyport.app.command.UpCommand;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.demo.DemoCommand;
import io.sallyport.app.firmware.FirmwareCommand;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Version;
import io.sallyport.cli.Cli;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.issuance.AuthorityFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;

/** The process: reads its surroundings once and hands them to whoever needs them. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var environment = System.getenv();
    var terminal = Terminal.ofProcess(environment);
    var machine = new Machine(InstantSource.system(), System::nanoTime, environment, terminal);
    var surroundings =
        new Surroundings(
            terminal,
            environment,
            Path.of(System.getProperty("user.home")),
            System::nanoTime,
            Thread::sleep);
    System.exit(run(machine, surroundings, arguments));
  }

  /** One command line, and the exit code that the shell sees. */
  static int run(Machine machine, Surroundings surroundings, String... arguments) {
    var own = new LinkedHashMap<String, Supplier<Object>>();
    own.put("up", () -> new UpCommand(machine));
    own.put("demo", () -> new DemoCommand(machine, surroundings));
    own.put("ca", () -> CaCommand.line(machine, surroundings, desk(machine)));
    own.put("firmware", () -> FirmwareCommand.line(machine));
    own.put("registry", () -> RegistryCommand.line(machine));
    own.put("agent", () -> new AgentCommand(machine));
    own.put("simulate", () -> new SimulateCommand(machine, surroundings));
    own.put("bench", BenchCommand::new);
    return Cli.of(surroundings, desk(machine), Version.TEXT, own).execute(arguments);
  }

  /** One command's worth of control where no server runs. */
  private static LocalServer desk(Machine machine) {
    return data -> {
      var directory = new DataDirectory(data);
      // Without its registry, an empty one would be made, and a revocation in it be a lie.
      if (!new AuthorityFiles(directory.authorities()).exist() || !directory.hasRegistry()) {
        return Optional.empty();
      }
      var node = Node.startDesk(directory, Configuration.defaults(), machine);
      return Optional.of(
          new LocalServer.Running() {
            @Override
            public URI address() {
              return URI.create("https://localhost:" + node.httpsPort());
            }

            @Override
            public void close() {
              node.close();
            }
          });
    };
  }
}
