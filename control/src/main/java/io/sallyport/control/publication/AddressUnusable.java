package io.sallyport.control.publication;

import java.net.InetSocketAddress;

/** The address for plain HTTP cannot be listened on. */
public final class AddressUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AddressUnusable(InetSocketAddress address, Exception cause) {
    super(
        "pki.http-listen: "
            + address.getHostString()
            + ":"
            + address.getPort()
            + " cannot be listened on: "
            + cause.getMessage(),
        cause);
  }
}
