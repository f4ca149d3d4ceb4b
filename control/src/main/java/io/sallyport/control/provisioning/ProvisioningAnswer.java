package io.sallyport.control.provisioning;

import java.util.Map;

/** What a device is told. */
public sealed interface ProvisioningAnswer {
  /** A certificate was signed, which nothing takes before the thing is registered with it. */
  record Created(String token, String certificateId, String certificatePem)
      implements ProvisioningAnswer {
    /** Without the token, which is a secret. */
    @Override
    public String toString() {
      return "Created[" + certificateId + "]";
    }
  }

  /** The thing is registered, and its certificate opens the gate. */
  record Registered(String thingName, Map<String, String> deviceConfiguration)
      implements ProvisioningAnswer {
    public Registered {
      deviceConfiguration = Map.copyOf(deviceConfiguration);
    }
  }

  /** Nothing was done. */
  record Rejected(ErrorCode code, String message) implements ProvisioningAnswer {}
}
