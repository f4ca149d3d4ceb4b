package io.sallyport.gateway.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.sallyport.gateway.trust.DeviceState;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.ConnectionFacts;
import io.sallyport.policy.LiveFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/** What conditions can ask of a connection and of the moment, read when it is asked for. */
final class Circumstances implements ConnectionFacts, LiveFacts {
  private final TrustState trust;
  private final InstantSource clock;
  private final PrincipalId id;
  private final @Nullable Channel channel;
  private final @Nullable String source;
  private final @Nullable String listener;
  private final @Nullable CertificateFacts certificate;

  private Circumstances(
      TrustState trust,
      InstantSource clock,
      PrincipalId id,
      @Nullable Connection connection,
      @Nullable CertificateFacts certificate) {
    this.trust = trust;
    this.clock = clock;
    this.id = id;
    this.channel = connection == null ? null : connection.channel();
    this.source = connection == null ? null : connection.source();
    this.listener = connection == null ? null : connection.rules().name();
    this.certificate = certificate;
  }

  static Circumstances of(
      GateContext gate, PrincipalId id, Connection connection, CertificateFacts certificate) {
    return new Circumstances(gate.trust(), gate.clock(), id, connection, certificate);
  }

  /** Of a principal that is not connected. */
  static Circumstances whileAway(TrustState trust, InstantSource clock, PrincipalId id) {
    return new Circumstances(trust, clock, id, null, null);
  }

  @Override
  public @Nullable String sourceAddress() {
    return source;
  }

  @Override
  public @Nullable String domainName() {
    var tls = channel == null ? null : channel.pipeline().get(SslHandler.class);
    if (tls == null || !(tls.engine().getSession() instanceof ExtendedSSLSession session)) {
      return null;
    }
    try {
      return session.getRequestedServerNames().stream()
          .filter(SNIHostName.class::isInstance)
          .map(name -> ((SNIHostName) name).getAsciiName())
          .findFirst()
          .orElse(null);
    } catch (UnsupportedOperationException e) {
      // A session that cannot say is one of which it is not known.
      return null;
    }
  }

  @Override
  public @Nullable String listenerName() {
    return listener;
  }

  @Override
  public @Nullable Boolean secureTransport() {
    // There is no listener without TLS.
    return channel == null ? null : Boolean.TRUE;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public @Nullable Long certificateAgeDays() {
    var notBefore = certificate == null ? null : certificate.notBefore();
    return notBefore == null ? null : Duration.between(notBefore, now()).toDays();
  }

  @Override
  public @Nullable String firmwareVersion() {
    return state().firmwareVersion();
  }

  @Override
  public @Nullable Boolean attested() {
    return state().attestedAt(now());
  }

  @Override
  public Map<String, String> tags() {
    return state().tags();
  }

  private DeviceState state() {
    var principal = trust.find(id);
    return principal == null ? DeviceState.UNKNOWN : principal.state();
  }
}
