package io.sallyport.identity.rotation.device;

import io.sallyport.identity.rotation.Backoff;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.device.DeviceEffect.Connect;
import io.sallyport.identity.rotation.device.DeviceEffect.KeepOnly;
import io.sallyport.identity.rotation.device.DeviceEffect.MakeKey;
import io.sallyport.identity.rotation.device.DeviceEffect.Notice;
import io.sallyport.identity.rotation.device.DeviceEffect.RenewExpired;
import io.sallyport.identity.rotation.device.DeviceEffect.Report;
import io.sallyport.identity.rotation.device.DeviceEffect.SendRequest;
import io.sallyport.identity.rotation.device.DeviceEffect.WakeAfter;
import io.sallyport.identity.rotation.device.RotationStage.Idle;
import io.sallyport.identity.rotation.device.RotationStage.Making;
import io.sallyport.identity.rotation.device.RotationStage.Proven;
import io.sallyport.identity.rotation.device.RotationStage.Requesting;
import io.sallyport.identity.rotation.device.RotationStage.Trying;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A device that replaces its credential: make, then break. For each event the caller stores {@link
 * #state} durably and then does what is returned, in this order; after a start it makes a new one
 * out of what was stored, and tells {@link DeviceEvent.Restarted}.
 *
 * <p>A credential is given up only when a later one has been accepted, or when the server has
 * withdrawn it, which takes two signs: it asks for another, and refuses this one. Whatever fails,
 * the device goes on with what worked. Not safe for use by several threads.
 */
public final class RotatingDevice {
  private final DeviceRules rules;
  private final Jitter jitter;
  private final String name;
  private final Walk walk = new Walk();
  private final List<DeviceEffect> effects = new ArrayList<>();
  private DeviceRotation state;
  private int attempts;
  private boolean newestRefused;
  private long ticket;
  // Of the wait of the old one beside a proven one; 0 where there is none.
  private long oldTicket;
  private boolean oldIsOver;

  /**
   * As it was stored.
   *
   * @param jitter spreads waits
   * @param name the device, by which they are spread
   */
  public RotatingDevice(DeviceRotation stored, DeviceRules rules, Jitter jitter, String name) {
    this.state = stored;
    this.rules = rules;
    this.jitter = jitter;
    this.name = name;
  }

  /** What is to be stored. */
  public DeviceRotation state() {
    return state;
  }

  /** Takes a step; says what is to be done once the state is stored. */
  public List<DeviceEffect> on(DeviceEvent event) {
    switch (event) {
      case DeviceEvent.Restarted _ -> restarted();
      case DeviceEvent.Asked asked -> asked(asked.ask());
      case DeviceEvent.KeyMade made -> keyMade(made.generation());
      case DeviceEvent.Certified certified -> certified(certified);
      case DeviceEvent.RequestRefused refused -> requestFailed(refused.generation());
      case DeviceEvent.Connected connected -> connected(connected.generation());
      case DeviceEvent.ConnectFailed failed -> connectFailed(failed);
      case DeviceEvent.RenewalFailed failed -> renewalFailed(failed);
      case DeviceEvent.Disconnected gone -> disconnected(gone.generation());
      case DeviceEvent.Woken woken -> woken(woken.ticket());
    }
    if (!(state.stage() instanceof Proven)) {
      oldTicket = 0;
      oldIsOver = false;
    }
    var done = List.copyOf(effects);
    effects.clear();
    return done;
  }

  private void restarted() {
    switch (state.stage()) {
      case Making making -> {
        keep(state.keys().and(making.generation()));
        effects.add(new MakeKey(making.generation()));
      }
      case Requesting requesting -> keep(state.keys().and(requesting.generation()));
      case Idle _, Trying _, Proven _ -> keepRing();
    }
    connectFirst();
  }

  private void asked(Ask ask) {
    if (state.done().isPresent() && !ask.isAfter(state.done().get())) {
      if (isProven(state.done().get(), ask)) {
        effects.add(new Report(Notice.PROVEN, ask.nonce()));
      }
      return;
    }
    switch (state.stage()) {
      case Idle _ -> begin(ask);
      case Making making -> {
        if (isLater(ask, making.ask())) {
          state = state.at(new Making(Optional.of(ask), making.generation()));
        }
      }
      case Requesting requesting -> {
        if (isLater(ask, requesting.ask())) {
          begin(ask);
        } else if (requesting.ask().filter(ask::equals).isPresent()) {
          sendRequest(requesting);
        }
      }
      case Trying trying -> {
        if (isLater(ask, trying.next())) {
          state = state.at(new Trying(Optional.of(ask)));
        }
        tryNewest();
      }
      case Proven _ -> {
        if (walk.isConnectedBy(state.keys().newest())) {
          begin(ask);
        }
      }
    }
  }

  private boolean isProven(Ask done, Ask ask) {
    return done.nonce().equals(ask.nonce()) && walk.isConnectedBy(state.keys().newest());
  }

  private static boolean isLater(Ask ask, Optional<Ask> than) {
    return than.isEmpty() || ask.isAfter(than.get());
  }

  /** A new key for that request; what has been proven needs nothing behind it. */
  private void begin(Ask ask) {
    var keys = state.keys();
    if (walk.isConnectedBy(keys.newest())) {
      keys = new Keyring(List.of(keys.newest()), keys.newest());
    }
    make(keys, Optional.of(ask));
  }

  private void make(Keyring keys, Optional<Ask> ask) {
    var generation = state.next();
    state = new DeviceRotation(keys, new Making(ask, generation), generation + 1, state.done());
    keep(keys.and(generation));
    effects.add(new MakeKey(generation));
  }

  private void keyMade(long generation) {
    if (!(state.stage() instanceof Making making) || making.generation() != generation) {
      return;
    }
    var requesting = new Requesting(making.ask(), generation);
    state = state.at(requesting);
    attempts = 0;
    if (walk.isConnected()) {
      making.ask().ifPresent(ask -> effects.add(new Report(Notice.REQUESTED, ask.nonce())));
      sendRequest(requesting);
    } else {
      walk.atExpiredDoor(state.keys()).ifPresent(this::renewWith);
    }
  }

  private void sendRequest(Requesting requesting) {
    if (walk.isConnected() && requesting.ask().isPresent()) {
      var nonce = requesting.ask().get().nonce();
      effects.add(new SendRequest(requesting.generation(), nonce));
      wake(rules.request(), ++attempts);
    }
  }

  private void certified(DeviceEvent.Certified certified) {
    if (!(state.stage() instanceof Requesting requesting)
        || requesting.generation() != certified.generation()) {
      return;
    }
    if (certified.check() != CertificateCheck.GOOD) {
      requestFailed(certified.generation());
      return;
    }
    state =
        new DeviceRotation(
            state.keys().with(certified.generation()),
            new Trying(Optional.empty()),
            state.next(),
            requesting.ask().or(state::done));
    attempts = 0;
    if (!walk.isConnected()) {
      walk.renewed();
    }
    keepRing();
    requesting.ask().ifPresent(ask -> effects.add(new Report(Notice.INSTALLED, ask.nonce())));
    tryNewest();
  }

  /** The certificate that was asked for does not come: on with what there is. */
  private void requestFailed(long generation) {
    if (!(state.stage() instanceof Requesting requesting)
        || requesting.generation() != generation) {
      return;
    }
    var expired = walk.atExpiredDoor(state.keys());
    settle();
    requesting.ask().ifPresent(ask -> effects.add(new Report(Notice.FAILED, ask.nonce())));
    if (expired.isPresent()) {
      nextDoor();
    }
  }

  /** Where the credentials stand if nothing is requested. */
  private void settle() {
    var keys = state.keys();
    RotationStage stage =
        keys.newestFirst().size() == 1
            ? new Idle()
            : keys.working() == keys.newest() ? new Proven() : new Trying(Optional.empty());
    state = state.at(stage);
    keepRing();
  }

  private void connected(long generation) {
    if (!state.keys().holds(generation)) {
      return;
    }
    walk.connectedBy(generation);
    state = state.with(state.keys().worked(generation), state.stage());
    switch (state.stage()) {
      case Idle _ -> {}
      case Making making -> {
        if (making.ask().isEmpty()) {
          settle();
          connectedAnew();
        }
      }
      case Requesting requesting -> {
        attempts = 0;
        if (requesting.ask().isPresent()) {
          sendRequest(requesting);
        } else {
          settle();
          connectedAnew();
        }
      }
      case Trying _, Proven _ -> connectedAnew();
    }
  }

  /** Connected, with more than one credential, or with the only one. */
  private void connectedAnew() {
    if (state.stage() instanceof Idle) {
      return;
    }
    if (!walk.isConnectedBy(state.keys().newest())) {
      if (state.stage() instanceof Proven) {
        state = state.at(new Trying(Optional.empty()));
      }
      tryLater();
      return;
    }
    attempts = 0;
    newestRefused = false;
    if (state.stage() instanceof Trying trying) {
      state = state.at(new Proven());
      state.done().ifPresent(ask -> effects.add(new Report(Notice.PROVEN, ask.nonce())));
      if (trying.next().isPresent()) {
        begin(trying.next().get());
        return;
      }
    }
    keepOld();
  }

  /** Its time goes on while connections come and go, and it ends under one with the new one. */
  private void keepOld() {
    if (oldIsOver) {
      forgetOld();
    } else if (oldTicket == 0) {
      oldTicket = ++ticket;
      effects.add(new WakeAfter(rules.oldKept(), oldTicket));
    }
  }

  private void connectFailed(DeviceEvent.ConnectFailed failed) {
    if (!walk.isAttempting(failed.generation())) {
      return;
    }
    walk.failed(failed.refusal());
    newestRefused |=
        failed.refusal() != Refusal.UNREACHABLE && failed.generation() == state.keys().newest();
    if (isWithdrawn(failed) && state.stage() instanceof Trying trying) {
      state = state.with(state.keys().withoutNewest(), new Idle());
      make(state.keys(), trying.next());
      if (!walk.isConnected()) {
        connectFirst();
      }
    } else if (walk.isConnected()) {
      tryLater();
    } else {
      nextDoor();
    }
  }

  /** An old credential works, the newest does not: says so if it was refused, and waits. */
  private void tryLater() {
    if (newestRefused && state.stage() instanceof Trying) {
      state.done().ifPresent(ask -> effects.add(new Report(Notice.FAILED, ask.nonce())));
    }
    newestRefused = false;
    wake(rules.retry(), ++attempts);
  }

  /** The server has asked for another, and refuses this one. */
  private boolean isWithdrawn(DeviceEvent.ConnectFailed failed) {
    return failed.refusal() != Refusal.UNREACHABLE
        && failed.generation() == state.keys().newest()
        && state.stage() instanceof Trying trying
        && trying.next().isPresent();
  }

  private void nextDoor() {
    var ordinary = walk.nextOrdinary(state.keys());
    if (ordinary.isPresent()) {
      effects.add(new Connect(ordinary.getAsLong()));
    } else if (walk.nextExpired(state.keys())) {
      atExpiredDoor();
    } else {
      walk.endRound();
      wake(rules.reconnect(), walk.rounds());
    }
  }

  private void atExpiredDoor() {
    switch (state.stage()) {
      case Making _ -> {}
      case Requesting _ -> walk.atExpiredDoor(state.keys()).ifPresent(this::renewWith);
      case Idle _, Trying _, Proven _ -> make(state.keys(), Optional.empty());
    }
  }

  private void renewWith(long credential) {
    if (state.stage() instanceof Requesting requesting) {
      effects.add(new RenewExpired(credential, requesting.generation()));
    }
  }

  private void renewalFailed(DeviceEvent.RenewalFailed failed) {
    var shown = walk.atExpiredDoor(state.keys());
    if (shown.isPresent() && shown.getAsLong() == failed.generation()) {
      nextDoor();
    }
  }

  private void disconnected(long generation) {
    if (!walk.isConnectedBy(generation)) {
      return;
    }
    walk.disconnected();
    if (!walk.isAttempting()) {
      walk.endRound();
      wake(rules.reconnect(), walk.rounds());
    }
  }

  private void forgetOld() {
    var newest = state.keys().newest();
    state = state.with(new Keyring(List.of(newest), newest), new Idle());
    keepRing();
  }

  private void woken(long ticket) {
    if (ticket == oldTicket) {
      oldIsOver = true;
      if (walk.isConnectedBy(state.keys().newest())) {
        forgetOld();
      }
      return;
    }
    if (ticket != this.ticket) {
      return;
    }
    if (!walk.isConnected()) {
      if (walk.isWaiting()) {
        connectFirst();
      }
      return;
    }
    switch (state.stage()) {
      case Idle _, Making _, Proven _ -> {}
      case Requesting requesting -> sendRequest(requesting);
      case Trying _ -> tryNewest();
    }
  }

  private void connectFirst() {
    effects.add(new Connect(walk.beginRound(state.keys())));
  }

  /** Beside what is connected, or as the first of a round. */
  private void tryNewest() {
    if (!walk.isConnected()) {
      connectFirst();
    } else if (!walk.isAttempting()) {
      walk.attempt(state.keys().newest());
      effects.add(new Connect(state.keys().newest()));
    }
  }

  private void keepRing() {
    keep(Set.copyOf(state.keys().newestFirst()));
  }

  private void keep(Set<Long> generations) {
    effects.add(new KeepOnly(generations));
  }

  private void wake(Backoff backoff, int attempt) {
    var share = jitter.share(name, attempt);
    effects.add(new WakeAfter(backoff.after(attempt, share), ++ticket));
  }
}
