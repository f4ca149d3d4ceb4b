package io.sallyport.app.configuration;

import java.util.List;

/** Keys of the services that devices speak to over MQTT: shadow, jobs, commands. */
public final class ServiceKeys {
  public static final Key<Boolean> ENABLED =
      Key.flag(
          "services.enabled",
          true,
          "The server takes part in the exchange, or at your broker, as the backend"
              + " `sallyport-services`, and answers devices there: shadows, jobs, commands,"
              + " rotation. Its policy is `default-services`.");
  public static final Key<Boolean> PRESENCE =
      Key.flag(
          "services.presence",
          true,
          "Tells who comes and goes on `$aws/events/presence/…`, as AWS IoT does.");

  /** All of them. */
  public static final List<Key<?>> ALL = List.of(ENABLED, PRESENCE);

  private ServiceKeys() {}
}
