package io.sallyport.app.configuration;

import java.util.List;
import java.util.stream.Stream;

/** Every key that the file may hold; docs/configuration.md is this list. */
public final class Keys {
  /** All of them, in the order of the documentation. */
  public static final List<Key<?>> ALL =
      Stream.of(
              ServerKeys.ALL,
              MqttKeys.ALL,
              EstKeys.ALL,
              ProvisioningKeys.ALL,
              ServiceKeys.ALL,
              ShadowKeys.ALL,
              SourceKeys.ALL,
              ExchangeKeys.ALL,
              UpstreamKeys.ALL,
              RegistryKeys.ALL,
              PkiKeys.ALL,
              TokenKeys.ALL,
              OperationKeys.ALL,
              PinKeys.ALL,
              AcmeKeys.ALL,
              NeighbourKeys.ALL)
          .flatMap(List::stream)
          .toList();

  /** Those that a reload changes in a running server; the others wait for the next start. */
  public static final List<Key<?>> RELOADED = ALL.stream().filter(Key::isLive).toList();

  private Keys() {}

  /** Those that a reload changes in a server that was started like that. */
  public static List<Key<?>> reloaded(Configuration started) {
    // The user's own broker has bounds of its own; ours are built into the way to it.
    return started.get(UpstreamKeys.UPSTREAM_ADDRESS).isEmpty()
        ? RELOADED
        : RELOADED.stream().filter(key -> !ExchangeKeys.ALL.contains(key)).toList();
  }
}
