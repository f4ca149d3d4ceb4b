package io.sallyport.agent;

import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.credentials.Credentials;
import io.sallyport.agent.duty.Again;
import io.sallyport.agent.duty.Duty;
import io.sallyport.agent.job.Jobs;
import io.sallyport.agent.mqtt.Answer;
import io.sallyport.agent.mqtt.Connection;
import io.sallyport.agent.mqtt.Delivery;
import io.sallyport.agent.mqtt.Ending;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.outbox.Outbox;
import io.sallyport.agent.outbox.Telemetry;
import io.sallyport.agent.renewal.RenewalDoor;
import io.sallyport.agent.shadow.Shadow;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.tls.DeviceTls;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.device.DeviceEffect;
import io.sallyport.identity.rotation.device.DeviceEvent;
import io.sallyport.identity.rotation.device.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device: connected whenever that is possible, with its shadow, jobs and commands, and its
 * telemetry on disk until the server has it. {@link #start} and {@link #close} each once; the rest
 * from any thread.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  // Bound: pieces of telemetry on the way at once.
  private static final int ON_THE_WAY_MAX = 16;
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

  private final Settings settings;
  private final Network network;
  private final Weather weather;
  private final Witness witness;
  private final Mailbox mailbox;
  private final StateDirectory state;
  private final Outbox outbox;
  private final Credentials credentials;
  private final Shadow shadow;
  private final Jobs jobs;
  private final @Nullable Commands commands;
  private final List<Duty> duties = new ArrayList<>();
  private final Rotation rotation;
  private final Map<Long, DeviceTls> contexts = new HashMap<>();
  private final Map<Long, Identity> identities = new HashMap<>();
  // That of the last connection; commands, on a thread of their own, sign with it.
  private volatile Identity shown;
  private Ending last = new Ending.Closed("");
  private @Nullable Link current;
  private @Nullable Link attempt;
  private boolean closing;
  private int onTheWay;
  private boolean held;
  private long connections;
  private long acknowledged;
  private long denied;

  /**
   * An agent with what its folder holds.
   *
   * @throws io.sallyport.agent.state.StateUnavailable if the folder cannot be used
   */
  public Agent(Settings settings, Network network, Weather weather, Witness witness) {
    this.settings = settings;
    this.network = network;
    this.weather = weather;
    this.witness = witness;
    this.mailbox = new Mailbox(weather.threads());
    this.state = StateDirectory.open(settings.state(), settings.sync());
    this.outbox = Outbox.open(state.below("telemetry"), settings.limits(), settings.sync());
    this.credentials = new Credentials(settings.bundle(), state);
    var id = settings.bundle().identity().id();
    this.shown = settings.bundle().identity();
    var luck = new SplittableRandom(weather.seed() ^ id.hashCode());
    var again =
        new Again.Asking(mailbox, settings.patience().rules().reconnect(), luck::nextDouble);
    this.shadow = new Shadow(id.value(), state, again);
    this.jobs = new Jobs(id.value(), state, mailbox, weather.threads(), again);
    duties.add(shadow);
    duties.add(jobs);
    var authority = settings.authority();
    if (authority == null) {
      commands = null;
    } else {
      commands =
          new Commands(
              id, authority, state, () -> shown, weather.clock(), new Mailbox(weather.threads()));
      duties.add(commands);
    }
    this.rotation =
        new Rotation(
            credentials,
            shadow,
            settings.patience().rules(),
            new Jitter(weather.seed()),
            id.value(),
            new Rotation.Hands() {
              @Override
              public void connect(long generation) {
                dial(generation);
              }

              @Override
              public void renewExpired(DeviceEffect.RenewExpired renew, String request) {
                Agent.this.renewExpired(renew, request);
              }

              @Override
              public void wakeAfter(DeviceEffect.WakeAfter wake) {
                Agent.this.wakeAfter(wake);
              }
            });
  }

  /** Begins to connect. */
  public void start() {
    mailbox.execute(() -> rotation.on(new DeviceEvent.Restarted()));
  }

  /** The device's id. */
  public String id() {
    return settings.bundle().identity().id().value();
  }

  /** The topic of its telemetry. */
  public String telemetryTopic() {
    return "devices/" + id() + "/telemetry";
  }

  /**
   * Says something, now or when there is a connection. It is on disk when this returns.
   *
   * @return its number; 0 if it was not taken, which is counted
   * @throws IllegalArgumentException if it is longer than {@link Telemetry#PAYLOAD_MAX}
   */
  public long publish(String topic, byte[] payload) {
    var number = outbox.put(topic, payload);
    mailbox.execute(this::pump);
    return number;
  }

  /** Does something with the shadow, one after the other with everything else. */
  public void withShadow(Consumer<Shadow> action) {
    mailbox.execute(() -> action.accept(shadow));
  }

  /** Does something with the jobs, as to name a handler before {@link #start}. */
  public void withJobs(Consumer<Jobs> action) {
    mailbox.execute(() -> action.accept(jobs));
  }

  /** The commands, if anybody may give them. */
  public @Nullable Commands commands() {
    return commands;
  }

  /** How it is. */
  public CompletableFuture<Status> status() {
    var answer = new CompletableFuture<Status>();
    mailbox.execute(
        () ->
            answer.complete(
                new Status(
                    current != null && current.ready,
                    connections,
                    last.why(),
                    current == null ? credentials.rotation().keys().working() : current.generation,
                    acknowledged,
                    denied,
                    outbox.counts())));
    return answer;
  }

  /** Loses its connection as by a pulled cable, and comes back by itself. */
  public void cut() {
    mailbox.execute(
        () -> {
          if (current != null) {
            current.connection.cut();
          }
        });
  }

  /** Says goodbye; what was not acknowledged stays on disk. */
  @Override
  public void close() {
    var done = new CompletableFuture<Void>();
    mailbox.execute(
        () -> {
          closing = true;
          for (var link : new Link[] {current, attempt}) {
            if (link != null) {
              link.connection.close();
            }
          }
          outbox.close();
          state.close();
          done.complete(null);
        });
    done.join();
  }

  // ---- connecting

  /** One connection, or the attempt at one; it speaks to the agent through the mailbox. */
  private final class Link implements Connection.Listener {
    private final long generation;
    private final Connection connection;
    // What a resumed session brings before duties have their way out: it would stay unanswered.
    private final List<Delivery> early = new ArrayList<>();
    private boolean ready;

    Link(long generation, DeviceTls tls) {
      this.generation = generation;
      this.connection = Connection.open(network, tls, settings.greeting(), this);
    }

    @Override
    public void connected(boolean sessionPresent) {
      mailbox.execute(() -> Agent.this.connected(this, sessionPresent));
    }

    @Override
    public void delivered(Delivery delivery) {
      mailbox.execute(() -> Agent.this.delivered(this, delivery));
    }

    @Override
    public void ended(Ending ending) {
      mailbox.execute(() -> Agent.this.ended(this, ending));
    }
  }

  private void dial(long generation) {
    if (closing) {
      return;
    }
    try {
      var identity = identities.get(generation);
      if (identity == null) {
        identity = credentials.identity(generation);
        identities.put(generation, identity);
        contexts.put(generation, new DeviceTls(settings.bundle().with(identity), weather.clock()));
      }
      var tls = contexts.get(generation);
      if (tls != null) {
        attempt = new Link(generation, tls);
      }
    } catch (MalformedBundle e) {
      last = new Ending.Refused("its own credential is broken: " + e.getMessage(), false);
      rotation.on(new DeviceEvent.ConnectFailed(generation, Refusal.REFUSED));
    }
  }

  /** On a thread that may wait; nothing else is held up. */
  private void renewExpired(DeviceEffect.RenewExpired renew, String request) {
    var server = settings.renewal();
    var tls = contexts.get(renew.with());
    if (server == null || tls == null) {
      rotation.on(new DeviceEvent.RenewalFailed(renew.with(), Refusal.UNREACHABLE));
      return;
    }
    weather
        .threads()
        .execute(
            () -> {
              var answer = new RenewalDoor(server).renew(tls, request);
              mailbox.execute(() -> answered(renew, answer));
            });
  }

  private void answered(DeviceEffect.RenewExpired renew, RenewalDoor.Answer answer) {
    if (closing) {
      return;
    }
    switch (answer) {
      case RenewalDoor.Answer.Issued issued -> rotation.renewed(renew.generation(), issued.pem());
      case RenewalDoor.Answer.Refused refused -> {
        LOG.atWarn().addKeyValue("why", refused.why()).log("an expired certificate stays so");
        rotation.on(new DeviceEvent.RenewalFailed(renew.with(), refused.because()));
      }
    }
  }

  // A link is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void connected(Link link, boolean sessionPresent) {
    if (link != attempt || closing) {
      link.connection.close();
      return;
    }
    var before = current;
    attempt = null;
    current = link;
    shown = identities.getOrDefault(link.generation, shown);
    connections++;
    if (before != null) {
      away();
      before.connection.close();
    }
    LOG.atInfo()
        .addKeyValue("device", id())
        .addKeyValue("server", settings.bundle().server())
        .addKeyValue("credential", link.generation)
        .addKeyValue("session", sessionPresent ? "resumed" : "new")
        .log("connected");
    witness.connected();
    rotation.on(new DeviceEvent.Connected(link.generation));
    var filters = duties.stream().flatMap(duty -> duty.filters().stream()).toList();
    var _ =
        link.connection
            .subscribe(filters)
            .whenComplete((answer, failure) -> mailbox.execute(() -> subscribed(link, answer)));
  }

  // A link is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void subscribed(Link link, @Nullable Answer answer) {
    if (link != current || answer == null) {
      return;
    }
    if (!answer.isTaken()) {
      LOG.atWarn().addKeyValue("answer", answer).log("the server refuses a subscription");
    }
    link.ready = true;
    onTheWay = 0;
    held = false;
    outbox.rewind();
    duties.forEach(duty -> duty.connected(link.connection::publish));
    link.early.forEach(this::handOut);
    link.early.clear();
    pump();
  }

  private void delivered(Link link, Delivery delivery) {
    if (link.ready) {
      handOut(delivery);
    } else {
      // No more than the receive maximum: none of them is acknowledged.
      link.early.add(delivery);
    }
  }

  private void handOut(Delivery delivery) {
    for (var duty : duties) {
      if (duty.take(delivery)) {
        return;
      }
    }
    LOG.atDebug().addKeyValue("topic", delivery.topic()).log("a message for nobody");
    delivery.acknowledge().run();
  }

  private void away() {
    duties.forEach(Duty::disconnected);
    onTheWay = 0;
  }

  // A link is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void ended(Link link, Ending ending) {
    if (closing) {
      return;
    }
    if (link == attempt) {
      attempt = null;
      tell(ending);
      rotation.on(new DeviceEvent.ConnectFailed(link.generation, refusal(ending)));
    } else if (link == current) {
      current = null;
      tell(ending);
      away();
      rotation.on(new DeviceEvent.Disconnected(link.generation));
    }
  }

  /** Each reason once: a server that is away for a week does not fill the log. */
  private void tell(Ending ending) {
    witness.ended(ending);
    // With another on the way it is that one which took this one's place.
    if (attempt == null && !ending.equals(last)) {
      LOG.atWarn()
          .addKeyValue("device", id())
          .addKeyValue("why", ending.why())
          .log("not connected");
    }
    last = ending;
  }

  private static Refusal refusal(Ending ending) {
    return switch (ending) {
      // Who is not our server says nothing about our credential.
      case Ending.Lost _, Ending.Untrusted _, Ending.Closed _ -> Refusal.UNREACHABLE;
      case Ending.Refused refused -> refused.expired() ? Refusal.EXPIRED : Refusal.REFUSED;
    };
  }

  private void wakeAfter(DeviceEffect.WakeAfter wake) {
    var delay = current == null ? settings.patience().stretched(wake.delay(), last) : wake.delay();
    network.after(
        delay,
        () ->
            mailbox.execute(
                () -> {
                  if (!closing) {
                    rotation.on(new DeviceEvent.Woken(wake.ticket()));
                  }
                }));
  }

  // ---- telemetry

  private void pump() {
    var link = current;
    if (closing || link == null || !link.ready || held) {
      return;
    }
    while (onTheWay < ON_THE_WAY_MAX) {
      var next = outbox.next();
      if (next == null) {
        return;
      }
      onTheWay++;
      var _ =
          link.connection
              .publish(next.topic(), next.payload())
              .whenComplete(
                  (answer, failure) -> mailbox.execute(() -> answered(link, next, answer)));
    }
  }

  // A link is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void answered(Link link, Telemetry sent, @Nullable Answer answer) {
    if (closing || link != current || answer == null) {
      return;
    }
    onTheWay--;
    witness.answered(sent.sequence(), answer);
    if (answer.isForNow()) {
      hold(link);
      return;
    }
    if (answer.isTaken()) {
      acknowledged++;
    } else {
      denied++;
      LOG.atWarn()
          .addKeyValue("topic", sent.topic())
          .addKeyValue("answer", answer)
          .log("the server will not take a message; it is dropped");
    }
    outbox.acknowledged(sent.sequence());
    pump();
  }

  /**
   * The server has no room at the moment: all that is not acknowledged goes again, a little later.
   */
  // A link is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void hold(Link link) {
    if (held) {
      return;
    }
    held = true;
    network.after(
        BUSY_PAUSE,
        () ->
            mailbox.execute(
                () -> {
                  if (link == current && !closing) {
                    held = false;
                    outbox.rewind();
                    pump();
                  }
                }));
  }
}
