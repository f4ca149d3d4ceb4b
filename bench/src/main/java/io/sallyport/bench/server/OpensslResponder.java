package io.sallyport.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code openssl ocsp} as a responder, with a throw-away P-256 authority that signs for itself. */
public final class OpensslResponder implements AutoCloseable {
  private static final int CERTIFICATES = 1_000;

  private final Path directory;
  private final Process process;
  private final int port;

  private OpensslResponder(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** Starts it with a list of a thousand certificates that are all good. */
  public static OpensslResponder start(Path directory, int port)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    TestAuthority.create("openssl ocsp")
        .write(directory.resolve("ca.crt"), directory.resolve("ca.key"));
    var index = new StringBuilder();
    for (int n = 1; n <= CERTIFICATES; n++) {
      index.append("V\t491231235959Z\t\t%04X\tunknown\t/CN=device-%d%n".formatted(n, n));
    }
    Files.writeString(directory.resolve("index.txt"), index);
    var command =
        List.of(
            "openssl",
            "ocsp",
            "-index",
            "index.txt",
            "-port",
            Integer.toString(port),
            "-rsigner",
            "ca.crt",
            "-rkey",
            "ca.key",
            "-CA",
            "ca.crt",
            "-ndays",
            "1",
            "-ignore_err");
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new OpensslResponder(directory, process, port);
  }

  /** A request for one of its certificates, in DER. */
  public byte[] request(boolean nonce) throws IOException, InterruptedException {
    return request(directory, List.of("-issuer", "ca.crt", "-serial", "0x01F4"), nonce);
  }

  /**
   * A request that openssl writes, in DER.
   *
   * @param subject its options that say whose status is asked for
   */
  public static byte[] request(Path directory, List<String> subject, boolean nonce)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl", "ocsp"));
    command.addAll(subject);
    command.addAll(List.of(nonce ? "-nonce" : "-no_nonce", "-reqout", "request.der"));
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("openssl wrote no request: " + said.strip());
    }
    return Files.readAllBytes(directory.resolve("request.der"));
  }

  public int port() {
    return port;
  }

  public ProcStat process() {
    return new ProcStat(process.pid());
  }

  @Override
  public void close() {
    Ending.end(process);
  }
}
