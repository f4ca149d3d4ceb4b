package io.sallyport.bench.load;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/**
 * Devices that renew their certificates by EST (RFC 7030, 4.2.2): each with a full handshake and a
 * new key.
 */
public final class Renewals {
  private static final int CLIENTS = 4;
  private static final int OK = 200;

  /** What one device brings. */
  private record Renewal(String id, SSLContext security, String request) {}

  private final int port;
  private final List<Renewal> all = new ArrayList<>();

  /**
   * @param port the EST port of a server on this machine
   */
  public Renewals(int port) {
    this.port = port;
  }

  /** One more device, with a key that is made now. */
  public void add(String id, SSLContext security) {
    var csr = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(id)).requestPem();
    try {
      var der = Pem.decode(csr, "CERTIFICATE REQUEST");
      all.add(new Renewal(id, security, Base64.getMimeEncoder().encodeToString(der)));
    } catch (MalformedPem e) {
      throw new IllegalStateException("we wrote it", e);
    }
  }

  /**
   * Each renews once.
   *
   * @throws LoadFailure if one was refused
   */
  public void run() throws InterruptedException {
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<?>>();
      for (var each : all) {
        running.add(
            clients.submit(
                () -> {
                  renew(each);
                  return null;
                }));
      }
      for (var each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new LoadFailure("a renewal failed: " + e.getCause());
    }
  }

  private void renew(Renewal renewal) throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder()
            .sslContext(renewal.security())
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://localhost:" + port + "/.well-known/est/simplereenroll"))
                  .header("Content-Type", "application/pkcs10")
                  .POST(HttpRequest.BodyPublishers.ofString(renewal.request()))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new LoadFailure(renewal.id() + ": " + answer.statusCode() + " " + answer.body());
      }
    }
  }
}
