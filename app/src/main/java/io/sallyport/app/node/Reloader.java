package io.sallyport.app.node;

import io.sallyport.app.acme.Acme;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Keys;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.configuration.Source;
import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.node.ServerIdentity.Identity;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.enforcement.Maintenance.Reload;
import io.sallyport.identity.issuance.Authorities;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces configuration and certificates of a running server, wholly or not at all: everything new
 * is read, made and tried before the first of it is in force.
 */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
  // Of the certificate's life, the part that is left when it is made anew.
  private static final int RENEWED_WITH_LEFT = 3;

  private final Source source;
  private final ServerNames names;
  private final @Nullable Acme acme;
  private final Authorities authorities;
  private final InstantSource clock;
  private final ServerPinning pinning;
  private final BiConsumer<Configuration, Identity> effects;
  private final WatchedFiles watched = new WatchedFiles();
  private List<Path> files;
  private long reloads;
  private volatile State state;

  /**
   * What is in force.
   *
   * @param failure why the last reload was refused, or null
   */
  record State(
      Configuration configuration,
      Identity identity,
      List<String> waiting,
      Instant since,
      @Nullable String failure) {}

  /**
   * A server that has started.
   *
   * @param acme where the certificate for public names is, or null
   * @param pinning what devices know it by
   * @param effects puts a configuration and an identity in force
   */
  Reloader(
      Source source,
      Configuration started,
      Identity identity,
      ServerNames names,
      @Nullable Acme acme,
      Authorities authorities,
      InstantSource clock,
      ServerPinning pinning,
      BiConsumer<Configuration, Identity> effects) {
    this.source = source;
    this.names = names;
    this.acme = acme;
    this.authorities = authorities;
    this.clock = clock;
    this.pinning = pinning;
    this.effects = effects;
    this.files = files(started);
    this.state = new State(started, identity, List.of(), clock.instant(), null);
    watched.handled(files);
  }

  /** Reads everything again, and puts it in force if all of it is good. */
  synchronized Reload reload() {
    watched.handled(files);
    var before = state;
    try {
      var fresh = source.read();
      files = files(fresh);
      watched.handled(files);
      return taken(before, fresh);
    } catch (Failure e) {
      return kept(before, e.line());
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a reload failed");
      return kept(before, "the reload failed: " + e.getMessage());
    }
  }

  private Reload taken(State before, Configuration fresh) {
    var next = before.configuration.taking(fresh, Keys.reloaded(before.configuration));
    // What waits for the next start must not be bad either.
    new Settings(fresh).gateway();
    ServerNames.of(fresh.get(ServerKeys.NAMES));
    var identity = new ServerIdentity(names, next, acme, clock, true).identity(authorities);
    pinning.require(next, identity);
    put(before, next, identity);
    var waiting = next.differing(fresh);
    state = new State(next, identity, waiting, clock.instant(), null);
    reloads++;
    return new Reload.Applied(before.configuration.differing(next), waiting);
  }

  /** All of it is made and tried by now; should it break all the same, what was comes back. */
  private void put(State before, Configuration next, Identity identity) {
    try {
      effects.accept(next, identity);
      pinning.shown(next, identity);
    } catch (RuntimeException e) {
      effects.accept(before.configuration, before.identity);
      throw e;
    }
  }

  private Reload kept(State before, String why) {
    state = new State(before.configuration, before.identity, before.waiting, before.since, why);
    return new Reload.Kept(why);
  }

  /** Whether a file that the configuration comes from has changed, and stands still again. */
  synchronized boolean filesHaveChanged() {
    return watched.haveChanged(files);
  }

  private List<Path> files(Configuration of) {
    var all = new ArrayList<>(source.files());
    all.addAll(CertificateFiles.paths(of));
    return List.copyOf(all);
  }

  /** Whether our own certificate is near its end. */
  boolean isRenewalDue() {
    var own = state.identity.operators().leaf();
    var lifetime = state.configuration.get(OperationKeys.CERTIFICATE_LIFETIME);
    var left = Duration.between(clock.instant(), own.getNotAfter().toInstant());
    return left.compareTo(lifetime.dividedBy(RENEWED_WITH_LEFT)) < 0;
  }

  /** Has devices' certificates lead to the authorities that there are now; nothing is signed. */
  synchronized void trust() {
    var now = state;
    var leading = new ServerIdentity(names, now.configuration, acme, clock, true);
    var made = now.identity.leadingTo(leading.anchors(authorities));
    put(now, now.configuration, made);
    state = new State(now.configuration, made, now.waiting, now.since, now.failure);
  }

  /** Makes our own certificate anew and reads the public one, with everything else as it is. */
  synchronized void renew() {
    var now = state;
    var made =
        new ServerIdentity(names, now.configuration, acme, clock, true).identity(authorities);
    pinning.require(now.configuration, made);
    put(now, now.configuration, made);
    state = new State(now.configuration, made, now.waiting, now.since, now.failure);
  }

  /** Looks after what devices hold on to. */
  void lookAtPins() {
    pinning.look();
  }

  State state() {
    return state;
  }

  synchronized long reloads() {
    return reloads;
  }

  /** For people and programs that ask how things are. */
  Map<String, Object> status() {
    var now = state;
    var status = new LinkedHashMap<String, Object>();
    status.put("failed", now.failure != null);
    if (now.failure != null) {
      status.put("why", now.failure);
    }
    status.put("since", now.since);
    status.put("waiting", now.waiting);
    status.put("certificate", Fingerprints.of(now.identity.devices().leaf()));
    status.put("certificateNotAfter", now.identity.devices().leaf().getNotAfter().toInstant());
    return status;
  }
}
