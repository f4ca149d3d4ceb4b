package io.sallyport.agent.renewal;

import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.tls.DeviceTls;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.rotation.device.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Asks for the successor of a certificate where one that expired lately is still taken: EST's
 * simple re-enrolment (RFC 7030, section 4.2.2) over mutual TLS with the same pins as everywhere.
 */
public final class RenewalDoor {
  private static final String PATH = "/.well-known/est/";
  private static final String REQUEST = "CERTIFICATE REQUEST";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int BROKEN = 500;

  // Bound: how long a whole answer may take, and how long it may be.
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int ANSWER_MAX = 64 * 1024;

  private final Server server;

  /** The door of that server. */
  public RenewalDoor(Server server) {
    this.server = server;
  }

  /** What the door said. */
  public sealed interface Answer {
    /** The certificate, and perhaps its issuers. */
    record Issued(String pem) implements Answer {}

    /** None, at least for now. */
    record Refused(Refusal because, String why) implements Answer {}
  }

  /**
   * Asks once; it waits for the answer.
   *
   * @param tls with the credential that proves who asks
   * @param request the new key's, PKCS#10 in PEM
   */
  public Answer renew(DeviceTls tls, String request) {
    try (var client =
        HttpClient.newBuilder()
            .sslContext(tls.context())
            .sslParameters(tls.parameters())
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(TIME)
            .build()) {
      // First, so that nothing is issued whose issuer the device does not learn of.
      var authorities = certificates(send(client, to("cacerts").GET().build()));
      if (authorities.isEmpty()) {
        return new Answer.Refused(Refusal.UNREACHABLE, "the server does not show its CAs");
      }
      return read(
          send(
              client,
              to("simplereenroll")
                  .header("Content-Type", "application/pkcs10")
                  .header("Content-Transfer-Encoding", "base64")
                  .POST(BodyPublishers.ofByteArray(base64(request)))
                  .build()),
          authorities);
    } catch (MalformedPem e) {
      throw new IllegalStateException("its own request is none", e);
    } catch (IOException e) {
      return new Answer.Refused(because(e), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Refused(Refusal.UNREACHABLE, "interrupted");
    }
  }

  private HttpRequest.Builder to(String operation) {
    return HttpRequest.newBuilder(URI.create("https://" + server + PATH + operation)).timeout(TIME);
  }

  private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_MAX));
  }

  private static byte[] base64(String request) throws MalformedPem {
    return Base64.getMimeEncoder().encode(Pem.decode(request, REQUEST));
  }

  private static Answer read(HttpResponse<byte[]> answer, List<X509Certificate> authorities) {
    int code = answer.statusCode();
    if (code == ACCEPTED) {
      return new Answer.Refused(Refusal.UNREACHABLE, "it waits for an operator's approval");
    }
    if (code != OK) {
      var said = new String(answer.body(), StandardCharsets.UTF_8).strip();
      return new Answer.Refused(
          code >= BROKEN ? Refusal.UNREACHABLE : Refusal.REFUSED,
          "the server answered " + code + ": " + said);
    }
    var issued = certificates(answer);
    return issued.isEmpty()
        ? new Answer.Refused(Refusal.UNREACHABLE, "the answer holds no certificate")
        : new Answer.Issued(Pem.of(path(issued.getFirst(), authorities)));
  }

  /** Certificates alone, as PKCS #7 without a signature (RFC 7030, section 4.2.3); none if bad. */
  private static List<X509Certificate> certificates(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK) {
      return List.of();
    }
    try {
      var der = Base64.getMimeDecoder().decode(answer.body());
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(der))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException | IllegalArgumentException e) {
      return List.of();
    }
  }

  /** The certificate with its issuers up to a root; whether they sign it is looked at later. */
  private static List<X509Certificate> path(
      X509Certificate issued, List<X509Certificate> authorities) {
    var path = new ArrayList<X509Certificate>();
    path.add(issued);
    for (int i = 0; i < authorities.size(); i++) {
      var last = path.getLast();
      authorities.stream()
          .filter(one -> one.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
          .filter(one -> !one.getSubjectX500Principal().equals(one.getIssuerX500Principal()))
          .filter(one -> !path.contains(one))
          .findFirst()
          .ifPresent(path::add);
    }
    return path;
  }

  /** As the alert says (RFC 8446, section 6.2), if there is one. */
  private static Refusal because(IOException failure) {
    var said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (said.contains("certificate_expired")) {
      return Refusal.EXPIRED;
    }
    return said.contains("fatal alert") ? Refusal.REFUSED : Refusal.UNREACHABLE;
  }
}
