package io.sallyport.control.gateways;

/** Another gateway has that name, and is live. */
public final class NameTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NameTaken(String gateway) {
    super(
        "another gateway is called '"
            + gateway
            + "'; give this one another name with gateway.name");
  }
}
