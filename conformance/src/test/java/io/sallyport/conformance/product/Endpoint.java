package io.sallyport.conformance.product;

/**
 * Where a client connects, and as whom.
 *
 * @param host a name that the server's certificate is for
 * @param port the MQTT port
 * @param bundle the identity
 */
public record Endpoint(String host, int port, Bundle bundle) {
  /** The same identity by another way, such as a proxy. */
  public Endpoint through(int otherPort) {
    return new Endpoint(host, otherPort, bundle);
  }

  /** The client id that goes with the identity. */
  public String clientId() {
    return bundle.id();
  }
}
