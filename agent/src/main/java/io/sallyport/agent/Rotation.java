package io.sallyport.agent;

import io.sallyport.agent.credentials.Credentials;
import io.sallyport.agent.shadow.Shadow;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.DeviceEffect;
import io.sallyport.identity.rotation.device.DeviceEvent;
import io.sallyport.identity.rotation.device.DeviceRules;
import io.sallyport.identity.rotation.device.RotatingDevice;
import io.sallyport.identity.rotation.device.RotationStage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries out what {@link RotatingDevice} decides: which credential connects, when, and how the
 * next one is asked for ({@code desired.rotation} and {@code reported.rotation} of the shadow). Its
 * state is on disk before anything of a step is done.
 */
final class Rotation {
  /** What only the agent can do. */
  interface Hands {
    /** Dials with that credential. */
    void connect(long generation);

    /**
     * Asks at the door for expired credentials, and comes back with {@link #renewed} or with {@link
     * DeviceEvent.RenewalFailed}.
     */
    void renewExpired(DeviceEffect.RenewExpired renew, String request);

    /** Comes back with {@link DeviceEvent.Woken} after a while. */
    void wakeAfter(DeviceEffect.WakeAfter wake);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NAME = "rotation";

  private final Credentials credentials;
  private final Shadow shadow;
  private final Hands hands;
  private final RotatingDevice device;
  private final Queue<DeviceEvent> events = new ArrayDeque<>();
  private boolean stepping;

  Rotation(
      Credentials credentials,
      Shadow shadow,
      DeviceRules rules,
      Jitter jitter,
      String name,
      Hands hands) {
    this.credentials = credentials;
    this.shadow = shadow;
    this.hands = hands;
    this.device = new RotatingDevice(credentials.rotation(), rules, jitter, name);
    shadow.onDesired(NAME, this::wanted);
  }

  /** Takes a step, and those that follow from it. */
  void on(DeviceEvent event) {
    events.add(event);
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      for (var next = events.poll(); next != null; next = events.poll()) {
        var before = device.state();
        var effects = device.on(next);
        if (!device.state().equals(before)) {
          credentials.remember(device.state());
        }
        effects.forEach(this::carryOut);
      }
    } finally {
      stepping = false;
    }
  }

  private void carryOut(DeviceEffect effect) {
    switch (effect) {
      case DeviceEffect.Connect connect -> hands.connect(connect.generation());
      case DeviceEffect.WakeAfter wake -> hands.wakeAfter(wake);
      case DeviceEffect.KeepOnly keep -> credentials.keepOnly(keep.generations());
      case DeviceEffect.MakeKey make -> {
        credentials.makeKey(make.generation());
        events.add(new DeviceEvent.KeyMade(make.generation()));
      }
      case DeviceEffect.SendRequest send -> {
        var request = credentials.requestFor(send.generation());
        var report = JSON.createObjectNode().put("nonce", send.nonce());
        request.ifPresent(csr -> report.put("csr", csr));
        shadow.report(NAME, report);
      }
      case DeviceEffect.Report report -> {
        var word = report.notice().name().toLowerCase(Locale.ROOT);
        LOG.atInfo().addKeyValue("state", word).log("rotation");
        var told = JSON.createObjectNode().put("nonce", report.nonce()).put("state", word);
        if (report.notice() != DeviceEffect.Notice.REQUESTED) {
          told.putNull("csr");
        }
        shadow.report(NAME, told);
      }
      case DeviceEffect.RenewExpired renew ->
          credentials
              .requestFor(renew.generation())
              .ifPresent(request -> hands.renewExpired(renew, request));
    }
  }

  /** A certificate came from the door for expired credentials. */
  void renewed(long generation, String pem) {
    var check = credentials.install(generation, pem);
    LOG.atInfo().addKeyValue("check", check).log("an expired certificate was renewed");
    on(new DeviceEvent.Certified(generation, check));
  }

  private void wanted(JsonNode wish) {
    var nonce = wish.path("nonce").asString("");
    if (nonce.isEmpty()) {
      return;
    }
    try {
      on(
          new DeviceEvent.Asked(
              new Ask(nonce, time(wish.path("asked")), time(wish.path("rotateBy")))));
    } catch (IllegalArgumentException | DateTimeException e) {
      LOG.atWarn().setCause(e).log("a wish for another certificate cannot be read");
      return;
    }
    var certificate = wish.path("certificate").asString("");
    if (!certificate.isEmpty()
        && device.state().stage() instanceof RotationStage.Requesting requesting
        && requesting.ask().filter(ask -> ask.nonce().equals(nonce)).isPresent()) {
      var check = credentials.install(requesting.generation(), certificate);
      LOG.atInfo().addKeyValue("check", check).log("a certificate came");
      on(new DeviceEvent.Certified(requesting.generation(), check));
    }
  }

  /** As text or as seconds since 1970. */
  private static Instant time(JsonNode value) {
    return value.isNumber()
        ? Instant.ofEpochSecond(value.asLong())
        : Instant.parse(value.asString(""));
  }
}
