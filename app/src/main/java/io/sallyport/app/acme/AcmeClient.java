package io.sallyport.app.acme;

import java.net.http.HttpClient;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** One account at one ACME server (RFC 8555): orders certificates, each step bounded in time. */
final class AcmeClient implements AutoCloseable {
  /** Bound: connecting, and the whole of one answer. */
  static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  /** Bound: from telling the server to look until it has seen one name, or has not. */
  static final Duration VALIDATION_MAX = Duration.ofMinutes(2);

  /** Bound: from the request until the certificate is there. */
  static final Duration ISSUANCE_MAX = Duration.ofMinutes(2);

  // Bound: characters of a reason that the server can make longer.
  private static final int REASON_MAX = 500;

  // What the library says when it has waited for long enough.
  private static final String TIMEOUT = "Timeout has been reached";

  private final AcmeSettings settings;
  private final KeyPair account;
  private final HttpClient http;
  private final HttpClient connector;
  private final Duration patience;

  /** The account of that key, which is opened at the first order. */
  AcmeClient(AcmeSettings settings, KeyPair account) {
    this(settings, account, ANSWER_MAX, VALIDATION_MAX);
  }

  /** With other bounds. */
  AcmeClient(AcmeSettings settings, KeyPair account, Duration answerMax, Duration patience) {
    this.settings = settings;
    this.account = account;
    this.patience = patience;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(answerMax)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .sslContext(settings.tls())
            .build();
    this.connector = new BoundedClient(http, answerMax);
  }

  /**
   * Orders a certificate.
   *
   * @param request a PKCS #10 request in DER for exactly the names of the settings
   * @param replaced the certificate that it follows, or null
   * @return as the server gives it: the leaf, then its issuers; nothing of it has been checked
   */
  List<X509Certificate> order(byte[] request, @Nullable X509Certificate replaced, Proofs proofs)
      throws AcmeRefused, InterruptedException {
    try {
      var login = login();
      var order = opened(login, replaced);
      for (var authorization : order.getAuthorizations()) {
        prove(authorization, proofs);
      }
      if (order.waitUntilReady(patience) != Status.READY) {
        throw refused("the order does not become ready", order.getError());
      }
      order.execute(request);
      if (order.waitForCompletion(ISSUANCE_MAX) != Status.VALID) {
        throw refused("the order does not become valid", order.getError());
      }
      return order.getCertificate().getCertificateChain();
    } catch (AcmeException | RuntimeException e) {
      throw refused(e);
    }
  }

  /** When the server proposes to replace a certificate (RFC 9773), if it proposes anything. */
  Optional<Window> proposal(X509Certificate certificate) throws AcmeRefused {
    try {
      var login = login();
      if (!hasRenewalInfo(login.getSession())) {
        return Optional.empty();
      }
      var info = login.bindRenewalInfo(certificate);
      var again = info.fetch();
      return Optional.of(
          new Window(
              info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), again.orElse(null)));
    } catch (AcmeException | RuntimeException e) {
      throw refused(e);
    }
  }

  /**
   * When a certificate should be replaced.
   *
   * @param again when to ask again, if the server said so
   */
  record Window(Instant start, Instant end, @Nullable Instant again) {}

  /** The account is found by its key; a new one is made only where there is none. */
  private Login login() throws AcmeException {
    var session =
        new Session(
            settings.directory(),
            new GenericAcmeProvider() {
              @Override
              protected HttpConnector createHttpConnector(NetworkSettings network) {
                return new BoundedConnector(network, connector);
              }
            });
    session.networkSettings().setTimeout(ANSWER_MAX);
    session.networkSettings().setCompressionEnabled(false);
    var builder = new AccountBuilder().useKeyPair(account).agreeToTermsOfService();
    var contact = settings.contact();
    if (contact != null) {
      builder.addEmail(contact);
    }
    var external = settings.external();
    if (external != null) {
      builder.withKeyIdentifier(external.id(), external.key());
    }
    return builder.createLogin(session);
  }

  private Order opened(Login login, @Nullable X509Certificate replaced) throws AcmeException {
    if (replaced != null && hasRenewalInfo(login.getSession())) {
      try {
        return login.newOrder().domains(settings.domains()).replaces(replaced).create();
      } catch (AcmeRateLimitedException e) {
        throw e;
      } catch (AcmeServerException e) {
        // It is of another server, or was replaced before: a new order then follows nothing.
      }
    }
    return login.newOrder().domains(settings.domains()).create();
  }

  private static boolean hasRenewalInfo(Session session) throws AcmeException {
    return session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
  }

  private void prove(Authorization authorization, Proofs proofs)
      throws AcmeException, AcmeRefused, InterruptedException {
    if (authorization.getStatus() == Status.VALID) {
      return;
    }
    var name = authorization.getIdentifier();
    var challenge =
        authorization
            .<Challenge>findChallenge(proofs.type())
            .orElseThrow(
                () ->
                    new AcmeRefused(
                        "the server lets nobody prove '"
                            + name.getDomain()
                            + "' by "
                            + proofs.type()
                            + "; choose another acme.challenge"));
    proofs.begin(name, challenge);
    try {
      challenge.trigger();
      if (authorization.waitForCompletion(patience) != Status.VALID) {
        challenge.fetch();
        throw refused(
            "'" + name.getDomain() + "' could not be proven by " + proofs.type(),
            challenge.getError());
      }
    } finally {
      proofs.end(name, challenge);
    }
  }

  private static AcmeRefused refused(String what, Optional<Problem> why) {
    return new AcmeRefused(shortened(what + why.map(problem -> ": " + problem).orElse("")));
  }

  private static AcmeRefused refused(Exception e) {
    var message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (message.equals(TIMEOUT)) {
      return new AcmeRefused("the server did not come to a decision in time");
    }
    var cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
    return e instanceof AcmeRateLimitedException limited
        ? new AcmeRefused(shortened(message), limited.getRetryAfter().orElse(null))
        : new AcmeRefused(shortened(message + cause));
  }

  /** In one line, and not at length: the server wrote it. */
  private static String shortened(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= REASON_MAX ? line : line.substring(0, REASON_MAX) + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
