package io.sallyport.gateway;

/** The gate cannot open: its port is taken, or the address is not this machine's. */
public final class GatewayUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
