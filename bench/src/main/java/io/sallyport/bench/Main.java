package io.sallyport.bench;

import io.sallyport.bench.load.LoadCommand;
import io.sallyport.bench.load.LoadFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sallyport bench}: measures Sallyport side by side with mosquitto on this machine. */
@Command(
    name = "sallyport bench",
    description = "Measures Sallyport, side by side with mosquitto if that is installed.",
    mixinStandardHelpOptions = true,
    subcommands = {
      HandshakeCommand.class,
      PublishCommand.class,
      GrowthCommand.class,
      DeniedCommand.class,
      PolicyCommand.class,
      IdleCommand.class,
      StormCommand.class,
      SiegeCommand.class,
      RevokeCommand.class,
      FactoryCommand.class,
      PkiCommand.class,
      UpstreamCommand.class,
      LoadCommand.class
    })
public final class Main {
  private static final int BROKEN = 3;

  private Main() {}

  /** Ends with 0, 2 for wrong use, 3 if a measurement could not be made. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failure, _, _) -> report(failure))
            .execute(arguments));
  }

  private static int report(Exception failure) throws Exception {
    if (failure instanceof LoadFailure
        || failure instanceof IOException
        || failure instanceof UncheckedIOException) {
      System.err.println("sallyport bench: " + failure.getMessage());
      return BROKEN;
    }
    throw failure;
  }
}
