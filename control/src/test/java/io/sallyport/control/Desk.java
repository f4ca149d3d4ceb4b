package io.sallyport.control;

import io.sallyport.control.enforcement.LiveConnections.LiveConnection;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import io.sallyport.control.enforcement.RetainedMessages;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.rest.Api;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.control.store.Database;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.policy.ListenerRules;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A running control with a real database and a real REST API, and operators who can call it. */
public final class Desk implements AutoCloseable {
  /** The default configuration on a free port. */
  public static final ControlConfiguration CONFIGURATION =
      new ControlConfiguration(
          "127.0.0.1",
          0,
          Duration.ofDays(365),
          Duration.ofDays(365),
          Duration.ofDays(7),
          "1.2.3-test");

  /** Somebody who is online in every desk. */
  public static final String ONLINE = "always-online";

  private static final Serials SERIALS = Serials.random();

  public final TestClock clock = new TestClock();
  public final RecordedBans bans = new RecordedBans();
  public final RecordingEnforcement enforcement = new RecordingEnforcement();
  public final RecordingMaintenance maintenance = new RecordingMaintenance();
  public final RecordingPins pins = new RecordingPins();
  public final Authorities authorities;
  public final Database database;
  public final Control control;
  public final int port;
  public final OperatorClient admin;
  private final DeviceKeys adminKeys;

  private Desk(TestDatabase kind) {
    authorities = Authorities.create(SERIALS, clock.instant());
    database = kind.fresh();
    control = Control.open(CONFIGURATION, database, authorities, clock);
    port = control.serve(surroundings(), credentials(authorities, clock.instant()), () -> true);
    var name = ControlConfiguration.FIRST_OPERATOR;
    adminKeys = DeviceKeys.generate(PrincipalKind.OPERATOR, name);
    admin =
        client(adminKeys, certified(control.certifyLocalOperator(name, adminKeys.requestPem())));
  }

  /** Opens one over a fresh database. */
  public static Desk open(TestDatabase kind) {
    return new Desk(kind);
  }

  /** A request for the certificate of a device, with a new key. */
  public static String csr(String id) {
    return csr(PrincipalKind.DEVICE, id);
  }

  /** A request for a certificate, with a new key. */
  public static String csr(PrincipalKind kind, String id) {
    try (var keys = DeviceKeys.generate(kind, new PrincipalId(id))) {
      return keys.requestPem();
    }
  }

  /** A new public key in PEM. */
  public static String publicKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      var key = generator.generateKeyPair().getPublic();
      return new String(Pem.encode("PUBLIC KEY", key.getEncoded()), StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The body of an enrolment. */
  public static String enrolment(String id, String csr) {
    return "{\"id\":\"" + id + "\",\"csr\":\"" + csr.replace("\n", "\\n") + "\"}";
  }

  /** A client that shows a certificate of the authority for servers. */
  public OperatorClient client(DeviceKeys keys, X509Certificate certificate) {
    return OperatorClient.with(
        port, authorities.root(), keys, List.of(certificate, authorities.servers().certificate()));
  }

  /** A client without a certificate. */
  public OperatorClient anonymous() {
    return OperatorClient.anonymous(port, authorities.root());
  }

  /** What a running server shows. */
  public static HttpsCredentials credentials(Authorities authorities, Instant now) {
    try {
      var keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(256);
      var pair = keys.generateKeyPair();
      var profile = new LeafProfile.Server(List.of("localhost"), List.of());
      var leaf =
          authorities
              .servers()
              .sign(profile, pair.getPublic(), SERIALS.next(), now, Duration.ofDays(1));
      return new HttpsCredentials(pair.getPrivate(), authorities.chain(leaf, profile));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every service and its routes. */
  public Api api() {
    return control.api();
  }

  /** What stands around this desk. */
  public Surroundings surroundings() {
    return new Surroundings(
        enforcement,
        id ->
            id.value().equals(ONLINE)
                ? List.of(new LiveConnection(ONLINE, "192.0.2.1:4711", Instant.EPOCH, "mqtt"))
                : List.of(),
        out ->
            out.accept(
                new Metric(
                    "sallyport_connections",
                    "Open connections.",
                    MetricsSource.Type.GAUGE,
                    Map.of("listener", "mqtt"),
                    3)),
        this::retained,
        () -> Map.of("connections", 3),
        () -> Map.of("sessions", 2),
        bans,
        "gate.example",
        8883,
        pins,
        maintenance,
        List.of(ListenerRules.DEFAULT));
  }

  /** Two messages on two pages, one with a secret. */
  private Optional<RetainedMessages.Page> retained(String after, int most, long mostBytes) {
    var first = after.isEmpty();
    var message =
        new RetainedMessages.Retained(
            first ? "a" : "b",
            new PrincipalId(ONLINE),
            ByteBuffer.wrap(
                (first ? "-----BEGIN PRIVATE KEY-----" : "21.5").getBytes(StandardCharsets.UTF_8)));
    return Optional.of(new RetainedMessages.Page(List.of(message), first ? "a" : null));
  }

  @Override
  public void close() {
    admin.close();
    adminKeys.close();
    control.close();
    database.close();
  }

  private static X509Certificate certified(OperatorAnswer answer) {
    if (!(answer instanceof OperatorAnswer.Certified certified)) {
      throw new IllegalStateException(answer.toString());
    }
    return certificate(certified.certificate().pem());
  }

  /** The certificate of a PEM text. */
  public static X509Certificate certificate(String pem) {
    try {
      return Pem.certificate(pem);
    } catch (MalformedPem e) {
      throw new IllegalStateException(e);
    }
  }
}
