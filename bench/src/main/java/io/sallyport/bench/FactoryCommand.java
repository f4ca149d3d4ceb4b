package io.sallyport.bench;

import io.sallyport.bench.load.LoadFailure;
import io.sallyport.bench.server.ProcStat;
import io.sallyport.bench.server.Sallyport;
import io.sallyport.bench.server.ServerUnderTest;
import io.sallyport.bench.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a device of a factory batch costs in CPU time, station and server together, beside what its
 * cryptography alone costs in openssl and in the JDK. Each round measures all three.
 */
@Command(
    name = "factory",
    description = "A factory batch beside the bare signatures that it is made of.",
    mixinStandardHelpOptions = true)
final class FactoryCommand implements Callable<Integer> {
  /** Of a device: its key, its request's signature, its certificate's. */
  private static final int MADE = 3;

  /** The request's signature is verified, and the certificate's after signing. */
  private static final int VERIFIED = 2;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Measured rounds, interleaved; medians are shown (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--devices",
      defaultValue = "5000",
      paramLabel = "N",
      description = "Devices of each batch (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      defaultValue = "${sys:sallyport.launcher:-./sallyport}",
      description = "The script that starts Sallyport (default: the one you used).")
  private Path launcher = Path.of("");

  private final Samples samples = new Samples();

  @Override
  public Integer call() throws Exception {
    try (var work = WorkDirectory.create();
        var server =
            Sallyport.start(
                new Sallyport.Start(launcher.toAbsolutePath(), "", null),
                work.path().resolve("server"))) {
      // Compiled, as on any other day than the first.
      batch(server, work.path(), "warm-up");
      samples.clear();
      for (int round = 1; round <= rounds; round++) {
        batch(server, work.path(), "round-" + round);
        var openssl = SigningRate.ofOpenssl();
        bare("openssl", openssl);
        bare("JDK", SigningRate.ofJdk());
      }
    }
    print();
    return 0;
  }

  private void batch(ServerUnderTest server, Path work, String name)
      throws IOException, InterruptedException {
    double serverBefore = server.process().cpuSeconds();
    double stationBefore = ProcStat.endedChildrenCpuSeconds();
    long began = System.nanoTime();
    var process =
        new ProcessBuilder(
                launcher.toAbsolutePath().toString(),
                "factory",
                "--batch",
                name,
                "--count",
                Integer.toString(devices),
                "--out",
                work.resolve(name).toString(),
                "--data",
                work.resolve("server/data").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(work.resolve(name + ".log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new LoadFailure("the batch was not made: " + work.resolve(name + ".log"));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double atServer = server.process().cpuSeconds() - serverBefore;
    double atStation = ProcStat.endedChildrenCpuSeconds() - stationBefore;
    samples.add("factory: CPU ms a device, server", 1_000 * atServer / devices);
    samples.add("factory: CPU ms a device, station", 1_000 * atStation / devices);
    samples.add("factory: devices a second", devices / seconds);
    samples.add("factory: devices a CPU-second", devices / (atServer + atStation));
  }

  private void bare(String who, SigningRate rate) {
    double made = MADE / rate.signaturesPerSecond();
    double checked = made + VERIFIED / rate.verificationsPerSecond();
    samples.add(who + ": key and two signatures, devices a CPU-second", 1 / made);
    samples.add(who + ": the same and two verifications", 1 / checked);
  }

  private void print() {
    System.out.print(samples.table("rounds: " + rounds + " of " + devices + " devices"));
    double own = samples.median("factory: devices a CPU-second");
    for (var bare : List.of("openssl", "JDK")) {
      for (var other : samples.names(bare)) {
        System.out.printf(Locale.ROOT, "%.0f %% of %s%n", 100 * own / samples.median(other), other);
      }
    }
  }
}
