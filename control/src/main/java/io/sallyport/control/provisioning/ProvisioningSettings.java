package io.sallyport.control.provisioning;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How devices are provisioned over MQTT.
 *
 * @param tokenLifetime how long a certificate may wait for its device to say what it is
 * @param hook who is asked for the templates that want it; null for nobody, and then none of their
 *     devices is let in
 */
public record ProvisioningSettings(Duration tokenLifetime, @Nullable HookSettings hook) {
  /** An hour, as AWS IoT's; no hook. */
  public static final ProvisioningSettings DEFAULTS =
      new ProvisioningSettings(Duration.ofHours(1), null);
}
