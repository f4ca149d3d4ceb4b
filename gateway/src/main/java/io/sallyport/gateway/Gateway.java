package io.sallyport.gateway;

import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventSink;
import java.time.InstantSource;
import java.util.List;

/** The gate: TLS and MQTT towards the devices, decisions in the middle, the exchange behind. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
public final class Gateway implements AutoCloseable {
  public Gateway(
      GatewayConfiguration configuration,
      ServerCredentials credentials,
      DeviceAnchors anchors,
      TrustState trust,
      EventSink events,
      InstantSource clock) {}

  /** For the exchange: whether a will of somebody who is gone may still be published. */
  public Authority authority() {
    throw new UnsupportedOperationException();
  }

  /** Warms up, binds and lets devices in; returns when it listens. */
  public void start(Exchange exchange) {
    throw new UnsupportedOperationException();
  }

  /** The port that it listens on. */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** Ends every connection of a principal and waits, bounded, until the sockets are gone. */
  public Cut cut(PrincipalId id, Reason reason) {
    throw new UnsupportedOperationException();
  }

  /** Decides live connections and subscriptions of a principal again, each on its own thread. */
  public void trustChanged(PrincipalId id) {
    throw new UnsupportedOperationException();
  }

  /** The principal's connections that are open now. */
  public List<LiveConnection> connections(PrincipalId id) {
    throw new UnsupportedOperationException();
  }

  public GatewayStatistics statistics() {
    throw new UnsupportedOperationException();
  }

  /** Stops listening, tells the clients, and closes their sockets. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
