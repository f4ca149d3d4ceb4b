package io.sallyport.bench;

import io.sallyport.bench.load.ClientFiles;
import io.sallyport.bench.load.LoadFailure;
import io.sallyport.bench.load.Renewals;
import io.sallyport.bench.load.Repeated;
import io.sallyport.bench.server.ClientSecurity;
import io.sallyport.bench.server.Mosquitto;
import io.sallyport.bench.server.OpensslResponder;
import io.sallyport.bench.server.ProcStat;
import io.sallyport.bench.server.Sallyport;
import io.sallyport.bench.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the certificate authority costs the server: certificates issued and stored, renewals by EST
 * with mutual TLS, and status answers beside {@code openssl ocsp}. The clients' time is not
 * counted.
 */
@Command(
    name = "pki",
    description = "Certificates, renewals and status answers beside openssl.",
    mixinStandardHelpOptions = true)
final class PkiCommand implements Callable<Integer> {
  /** Of an issued certificate: its request's signature and its own are verified. */
  private static final int ISSUED_VERIFIED = 2;

  /** Of a renewal: the server's part of the handshake, and the certificate. */
  private static final int RENEWED_SIGNED = 2;

  /** Of a renewal: the client's part, its certificate, the request and the new certificate. */
  private static final int RENEWED_VERIFIED = 4;

  private static final Duration WARM_UP = Duration.ofSeconds(3);

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Measured rounds, interleaved; medians are shown (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--devices",
      defaultValue = "1000",
      paramLabel = "N",
      description =
          "Devices that are enrolled, and then renew, in each round (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "N",
      description = "How long each kind of status is asked for (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--configuration",
      paramLabel = "FILE",
      description = "More of the server's configuration, such as where its keys are (docs/hsm.md).")
  private Path configuration = Path.of("");

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      defaultValue = "${sys:sallyport.launcher:-./sallyport}",
      description = "The script that starts Sallyport (default: the one you used).")
  private Path launcher = Path.of("");

  private final Samples samples = new Samples();
  private int enrolled;

  @Override
  public Integer call() throws Exception {
    int publicPort = Mosquitto.freePort();
    int estPort = Mosquitto.freePort();
    var written =
        """
        pki: {http-listen: '127.0.0.1:%d'}
        est: {enabled: true, host: 127.0.0.1, port: %d}
        %s\
        """
            .formatted(
                publicPort,
                estPort,
                Files.isRegularFile(configuration) ? Files.readString(configuration) : "");
    try (var work = WorkDirectory.create();
        var openssl = OpensslResponder.start(work.path().resolve("openssl"), Mosquitto.freePort());
        var server =
            Sallyport.start(
                new Sallyport.Start(launcher.toAbsolutePath(), written, null),
                work.path().resolve("server"))) {
      var fleet = work.path().resolve("fleet");
      round(server, openssl, fleet, estPort, publicPort);
      samples.clear();
      for (int round = 1; round <= rounds; round++) {
        round(server, openssl, fleet, estPort, publicPort);
      }
    }
    print();
    return 0;
  }

  private void round(
      Sallyport server, OpensslResponder openssl, Path fleet, int estPort, int publicPort)
      throws IOException, InterruptedException {
    var ids =
        IntStream.rangeClosed(enrolled + 1, enrolled + devices).mapToObj(n -> "pki-" + n).toList();
    enrolled += devices;
    issue(server, fleet, ids);
    renew(server, fleet, ids, estPort);
    for (var nonce : List.of(false, true)) {
      var kind = nonce ? "signed for the request (nonce)" : "that may be kept";
      status(
          "ocsp: answers a CPU-second " + kind + ", Sallyport",
          server.process(),
          publicPort,
          request(server, fleet, ids.getFirst(), nonce));
      status(
          "ocsp: answers a CPU-second " + kind + ", openssl ocsp",
          openssl.process(),
          openssl.port(),
          openssl.request(nonce));
    }
    var bare = SigningRate.ofOpenssl();
    samples.add("openssl: signatures a second", bare.signaturesPerSecond());
    samples.add(
        "openssl: the signature and verifications of an issuance",
        1 / (1 / bare.signaturesPerSecond() + ISSUED_VERIFIED / bare.verificationsPerSecond()));
    samples.add(
        "openssl: the signatures and verifications of a renewal",
        1
            / (RENEWED_SIGNED / bare.signaturesPerSecond()
                + RENEWED_VERIFIED / bare.verificationsPerSecond()));
  }

  private void issue(Sallyport server, Path fleet, List<String> ids)
      throws IOException, InterruptedException {
    double before = server.process().cpuSeconds();
    server.enrol(fleet, ids);
    samples.add(
        "issued and stored, a CPU-second", ids.size() / (server.process().cpuSeconds() - before));
  }

  private void renew(Sallyport server, Path fleet, List<String> ids, int estPort)
      throws IOException, InterruptedException {
    var renewals = new Renewals(estPort);
    for (var id : ids) {
      var files = ClientFiles.in(fleet, id);
      renewals.add(
          id, ClientSecurity.context(files.certificate(), files.key(), server.target().trust()));
    }
    double before = server.process().cpuSeconds();
    renewals.run();
    samples.add(
        "renewed by EST, a CPU-second", ids.size() / (server.process().cpuSeconds() - before));
  }

  private void status(String what, ProcStat server, int port, byte[] request)
      throws InterruptedException {
    var asked = new Repeated(port, "/ocsp", "application/ocsp-request", request);
    asked.ask(WARM_UP);
    double before = server.cpuSeconds();
    long answered = asked.ask(Duration.ofSeconds(seconds));
    samples.add(what, answered / (server.cpuSeconds() - before));
  }

  private static byte[] request(Sallyport server, Path fleet, String device, boolean nonce)
      throws IOException, InterruptedException {
    for (var authority : server.operator().get("/api/v1/ca").get("certificates").values()) {
      if (authority.get("name").asString().equals("devices")) {
        Files.writeString(fleet.resolve("issuer.crt"), authority.get("pem").asString());
        return OpensslResponder.request(
            fleet,
            List.of(
                "-issuer",
                "issuer.crt",
                "-cert",
                ClientFiles.in(fleet, device).certificate().toString()),
            nonce);
      }
    }
    throw new LoadFailure("the server names no authority of devices");
  }

  private void print() {
    System.out.print(samples.table("rounds: " + rounds));
    share("issued and stored, a CPU-second", "openssl: signatures a second");
    share(
        "issued and stored, a CPU-second",
        "openssl: the signature and verifications of an issuance");
    share("renewed by EST, a CPU-second", "openssl: the signatures and verifications of a renewal");
    for (var own : samples.names("ocsp: ")) {
      if (own.endsWith(", Sallyport")) {
        share(own, own.replace(", Sallyport", ", openssl ocsp"));
      }
    }
  }

  private void share(String own, String other) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f %% of '%s'%n",
        own,
        100 * samples.median(own) / samples.median(other),
        other);
  }
}
