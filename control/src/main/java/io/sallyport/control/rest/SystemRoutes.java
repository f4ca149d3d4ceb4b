package io.sallyport.control.rest;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.operators.Role;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rest.Views.AuthoritiesView;
import io.sallyport.control.rest.Views.AuthorityView;
import io.sallyport.control.rest.Views.GatewayView;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.Authorities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The calls about the installation itself. */
final class SystemRoutes {
  private static final int ACTIVITY_LIMIT = 10;

  private final Facts facts;
  private final Database database;
  private final Authorities authorities;
  private final Surroundings surroundings;
  private final LedgerSink sink;
  private final MetricsText metrics;

  /** What the installation knows of itself. */
  record Facts(String version, Instant startedAt, BooleanSupplier rootKeyPresent) {}

  SystemRoutes(
      Facts facts,
      Database database,
      Authorities authorities,
      Surroundings surroundings,
      LedgerSink sink,
      MetricsSource own) {
    this.facts = facts;
    this.database = database;
    this.authorities = authorities;
    this.surroundings = surroundings;
    this.sink = sink;
    metrics = new MetricsText(List.of(own, surroundings.metrics()));
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health", null, 0, _ -> Answer.ok(Map.of("status", health()))),
        Route.get(
            "/metrics", Role.VIEWER, _ -> Answer.bytes(metrics.render(), MetricsText.CONTENT_TYPE)),
        Route.get("/openapi.json", Role.VIEWER, _ -> Answer.bytes(openApi(), "application/json")),
        Route.get("/api/v1/ca", Role.VIEWER, _ -> Answer.ok(authorities())),
        Route.get("/api/v1/status", Role.VIEWER, _ -> Answer.ok(status())),
        Route.get("/api/v1/activity", Role.VIEWER, call -> Answer.ok(activity(call))));
  }

  private LiveConnections.Activity activity(Call call) {
    var limit = call.number("limit", 1, LiveConnections.ACTIVITY_MAX);
    return surroundings
        .connections()
        .activity(limit == null ? ACTIVITY_LIMIT : Math.toIntExact(limit));
  }

  /** A load balancer that looks here stops sending connections to a gate that lets nobody in. */
  private String health() {
    return surroundings.maintenance().health();
  }

  static byte[] openApi() {
    try (var in = SystemRoutes.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AuthoritiesView authorities() {
    var root = authorities.root();
    return new AuthoritiesView(
        fingerprint(root),
        authorities.anchors(),
        facts.rootKeyPresent().getAsBoolean(),
        certificates(),
        GatewayView.of(surroundings));
  }

  /** What signs now comes first; while one CA follows another, what is trusted besides. */
  private List<AuthorityView> certificates() {
    var all = new ArrayList<AuthorityView>();
    authorities.roots().forEach(one -> all.add(view("root", one)));
    var signing = authorities.devices().certificate();
    all.add(view("devices", signing));
    authorities.line().trustedIssuers().stream()
        .filter(one -> !one.equals(signing))
        .forEach(one -> all.add(view("devices", one)));
    all.add(view("servers", authorities.servers().certificate()));
    return all;
  }

  private Map<String, Object> status() {
    var status = new LinkedHashMap<String, Object>();
    status.put("version", facts.version());
    status.put("startedAt", facts.startedAt());
    status.put("gateway", surroundings.gatewayStatus().get());
    status.put("exchange", surroundings.exchangeStatus().get());
    status.put("reload", surroundings.maintenance().reloadStatus());
    status.put("drain", surroundings.maintenance().drainStatus());
    status.put("registry", database.read(Principals::count));
    status.put("ledger", Map.of("queued", sink.queued(), "dropped", sink.dropped()));
    return status;
  }

  private static AuthorityView view(String name, X509Certificate certificate) {
    return new AuthorityView(
        name,
        certificate.getSubjectX500Principal().getName(),
        fingerprint(certificate),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        algorithm(certificate),
        Pem.of(certificate));
  }

  private static String algorithm(X509Certificate certificate) {
    return switch (certificate.getPublicKey()) {
      case ECKey key -> "ECDSA P-" + key.getParams().getCurve().getField().getFieldSize();
      case RSAKey key -> "RSA " + key.getModulus().bitLength();
      case java.security.PublicKey key -> key.getAlgorithm();
    };
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return Fingerprint.ofDer(certificate.getEncoded()).hex();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }
}
