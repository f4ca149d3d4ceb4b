package io.sallyport.agent;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.command.Commands.Authority;
import io.sallyport.agent.mqtt.Greeting;
import io.sallyport.agent.outbox.Limits;
import io.sallyport.agent.state.Sync;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What makes one agent.
 *
 * @param bundle who it is, whom it trusts, where it connects
 * @param state its folder
 * @param sync what its writes survive
 * @param limits of the telemetry that waits
 * @param greeting how it introduces itself
 * @param patience how long it waits
 * @param authority who may command it; null for nobody
 * @param renewal where a certificate that has expired may be renewed (EST); null for nowhere
 */
public record Settings(
    Bundle bundle,
    Path state,
    Sync sync,
    Limits limits,
    Greeting greeting,
    Patience patience,
    @Nullable Authority authority,
    @Nullable Server renewal) {
  /** An agent as it is usual, that obeys nobody. */
  public static Settings of(Bundle bundle, Path state) {
    return new Settings(
        bundle,
        state,
        Sync.DISK,
        Limits.DEFAULT,
        Greeting.of(bundle.identity().id().value()),
        Patience.USUAL,
        null,
        null);
  }

  /** The same with other limits of telemetry. */
  public Settings with(Limits other) {
    return new Settings(bundle, state, sync, other, greeting, patience, authority, renewal);
  }

  /** The same with another patience. */
  public Settings with(Patience other) {
    return new Settings(bundle, state, sync, limits, greeting, other, authority, renewal);
  }

  /** The same with writes that survive something else. */
  public Settings with(Sync other) {
    return new Settings(bundle, state, other, limits, greeting, patience, authority, renewal);
  }

  /** The same, commanded by others. */
  public Settings with(@Nullable Authority other) {
    return new Settings(bundle, state, sync, limits, greeting, patience, other, renewal);
  }

  /** The same, with a way back for a certificate that has expired. */
  public Settings withRenewal(@Nullable Server other) {
    return new Settings(bundle, state, sync, limits, greeting, patience, authority, other);
  }
}
