package io.sallyport.exchange.upstream;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the broker is reached and spoken to.
 *
 * @param upstream where it listens
 * @param tls what it must prove and what we prove; of use with TLS only
 * @param credential the password; the user is the device's id
 * @param protocol the version of MQTT that it speaks
 * @param announcesSource whether each connection begins with a PROXY protocol v2 header
 * @param connectTimeout longest wait for one address: TCP, TLS and CONNACK together
 * @param retryMax longest time that an address which failed is left alone
 * @param keepAliveSeconds the keep alive of our connections; the gateway has the device's
 * @param packetSizeMax largest packet that the broker may send
 * @param sharing whether devices that only publish share connections
 */
public record UpstreamSettings(
    BrokerAddress.Upstream upstream,
    Tls tls,
    Credential credential,
    Protocol protocol,
    boolean announcesSource,
    Duration connectTimeout,
    Duration retryMax,
    int keepAliveSeconds,
    int packetSizeMax,
    Sharing sharing) {
  /** Every session with a connection of its own. */
  public UpstreamSettings(
      BrokerAddress.Upstream upstream,
      Tls tls,
      Credential credential,
      Protocol protocol,
      boolean announcesSource,
      Duration connectTimeout,
      Duration retryMax,
      int keepAliveSeconds,
      int packetSizeMax) {
    this(
        upstream,
        tls,
        credential,
        protocol,
        announcesSource,
        connectTimeout,
        retryMax,
        keepAliveSeconds,
        packetSizeMax,
        Sharing.NONE);
  }

  /**
   * Connections that devices share which only publish. The broker does not learn who they are.
   *
   * @param connections how many on each event loop; 0 for none
   * @param user who the gateway is there
   */
  public record Sharing(int connections, String user) {
    public static final Sharing NONE = new Sharing(0, "");

    /** The gateway goes by a name of its own. */
    public Sharing {
      if (connections > 0 && user.isEmpty()) {
        throw new IllegalArgumentException("shared connections need a user of their own");
      }
    }
  }

  /** The version of MQTT that is spoken to the broker, whatever a device speaks to us. */
  public enum Protocol {
    V5,
    V3_1_1
  }

  /**
   * Files in PEM.
   *
   * @param trust the authorities of the broker's certificate; null for those of the JDK
   * @param certificate our certificate with its chain, or null for none
   * @param key its private key (PKCS #8, not encrypted), or null for none
   */
  public record Tls(@Nullable Path trust, @Nullable Path certificate, @Nullable Path key) {
    /** A certificate goes with a key. */
    public Tls {
      if ((certificate == null) != (key == null)) {
        throw new IllegalArgumentException("a client certificate and its key come together");
      }
    }
  }

  boolean isV5() {
    return protocol == Protocol.V5;
  }
}
