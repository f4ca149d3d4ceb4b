package io.sallyport.control.rotation;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.rotation.RotationOrder.Named;
import io.sallyport.control.rotation.RotationOrder.Ordered;
import io.sallyport.control.rotation.RotationOrder.Refused;
import io.sallyport.control.rotation.RotationOrder.Why;
import io.sallyport.control.rotation.WaveTable.Held;
import io.sallyport.control.shadow.Shadows;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.identity.rotation.Jitter;
import io.sallyport.identity.rotation.Pace;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotation of devices' certificates as a whole: its scheduler, what devices answer, and what
 * operators ask and order.
 */
public final class Rotations implements AutoCloseable {
  /** Bound: devices named in one demand. */
  public static final int NAMED_MAX = 500;

  private static final int NONCE_BYTES = 16;
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);

  private final Database database;
  private final RotationSettings settings;
  private final InstantSource clock;
  private final Postbox postbox;
  private final Waves waves;
  private final Steps steps;
  private final ExpiryAlarms alarms;
  private final RotationDesk desk;
  private final ShadowAnswers answers;
  private final Proofs proofs;
  private final AtomicBoolean called = new AtomicBoolean();
  private final Supplier<String> names;
  private @Nullable UseRecorder counting;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rotation").daemon(true).factory());

  /** Rotation over that registry; it listens to those shadows from now on. */
  public Rotations(
      Database database,
      Enroller enroller,
      Shadows shadows,
      TrustFeed feed,
      Postbox postbox,
      EventSink events,
      InstantSource clock,
      SecureRandom random,
      RotationSettings settings) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.postbox = postbox;
    var jitter = new Jitter(0);
    Supplier<String> nonces = () -> nonce(random);
    var shadow = new ShadowRotation(shadows, this::answered);
    shadows.listen(shadow);
    this.names = nonces;
    var means = new Answering.Means(shadow, nonces, settings.rules().proofMax(), this::post);
    this.waves = new Waves(database, settings, jitter, nonces);
    this.steps = new Steps(database, settings, shadow, feed, jitter, this::post);
    this.alarms = new ExpiryAlarms(database);
    this.desk = new RotationDesk(database, enroller, means);
    this.answers = new ShadowAnswers(database, desk, shadow, events, this::post, this::soon);
    this.proofs = new Proofs(database, settings, this::soon);
  }

  private void answered(Handle handle, PrincipalId device, ShadowRotation.Reported reported) {
    answers.answered(handle, device, reported);
  }

  private static String nonce(SecureRandom random) {
    var bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Where devices get the certificate that follows theirs. */
  public RotationDesk desk() {
    return desk;
  }

  /**
   * A device that has more than one active certificate was let in with one of them; from any
   * thread, never blocks.
   */
  public void arrived(PrincipalId device, Fingerprint with) {
    proofs.arrived(device, with);
  }

  /**
   * Counts from now on what keys protect, and once more when this is closed.
   *
   * @param source gives what connections of this process carried since it was last asked
   */
  public synchronized void count(Supplier<List<CertificateUse>> source) {
    if (counting != null) {
      throw new IllegalStateException("counted already");
    }
    var recorder = new UseRecorder(database, source, clock, names.get());
    counting = recorder;
    long every = settings.countEvery().toMillis();
    later(recorder::forget, MOMENT);
    // Runs until the worker is shut down; each round reports its own failures.
    var _ =
        worker.scheduleWithFixedDelay(
            () -> run(recorder::write), every, every, TimeUnit.MILLISECONDS);
  }

  /** Asks this gate from now on who is connected, and with which certificate. */
  public void watch(LiveConnections connections) {
    proofs.watch(connections);
  }

  /**
   * What every process does before anything of a rotation ends: whoever is connected at its gate
   * has come, whether or not that was noted.
   */
  public void look() {
    proofs.look(clock.instant());
  }

  /** What is done by one process at a time: waves, asks, ends and alarms; some of each. */
  public void tick(Instant now) {
    steps.tick(now);
    waves.tick(now);
    // Whom a wave has taken for this very moment.
    steps.tick(now);
    alarms.tick(now);
  }

  /** What every process does now and then: what others left, or what could not be written. */
  public void work() {
    var now = clock.instant();
    while (answers.work(now)) {
      now = clock.instant();
    }
    while (proofs.work(now)) {
      now = clock.instant();
    }
  }

  /** Works in a moment: what asked for it may be in a transaction that is not durable yet. */
  private void soon() {
    if (called.compareAndSet(false, true)) {
      Runnable working =
          () -> {
            called.set(false);
            work();
          };
      later(working, MOMENT);
      later(working, MOMENT.multipliedBy(10));
    }
  }

  private void later(Runnable task, Duration delay) {
    try {
      // Runs once; it reports its own failures.
      var _ = worker.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("rotation ends; what waits is there at the next start");
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (StoreUnavailable e) {
      LOG.atError().setMessage("rotation cannot work; it is tried again").setCause(e).log();
    } catch (RuntimeException e) {
      LOG.atError().setMessage("rotation failed").setCause(e).log();
    }
  }

  private void post(List<Publication> publications) {
    for (var one : publications) {
      // Who is not reached finds it in the shadow.
      var _ =
          postbox
              .post(one)
              .whenComplete(
                  (_, failure) -> {
                    if (failure != null) {
                      LOG.atDebug()
                          .addKeyValue("topic", one.topic())
                          .addKeyValue("why", failure.getMessage())
                          .log("not published");
                    }
                  });
    }
  }

  // What operators ask and order.

  /**
   * Asks devices at once, whatever the pace, and although it is paused.
   *
   * @param by until when; null for the usual time
   */
  public RotationOrder start(List<String> devices, @Nullable Instant by, String actor) {
    var now = clock.instant();
    if (devices.isEmpty() || devices.size() > NAMED_MAX) {
      return new Refused(
          Why.MALFORMED, "malformed-devices", "1 to " + NAMED_MAX + " devices at once");
    }
    var order = late(by, now).orElseGet(() -> startNamed(devices, by, actor, now));
    later(() -> steps.tick(clock.instant()), MOMENT);
    return order;
  }

  private RotationOrder startNamed(
      List<String> devices, @Nullable Instant by, String actor, Instant now) {
    var ids = devices.stream().distinct().toList();
    return database.write(
        handle -> {
          var taken = waves.name(handle, ids, by, actor, now);
          if (!taken.isEmpty()) {
            tell(handle, EventType.ROTATION_DEMANDED, actor, "devices", by, taken.size(), now);
          }
          return new Named(taken, ids.stream().filter(id -> !taken.contains(id)).toList());
        });
  }

  /** Has the devices of a group rotated, in waves. */
  public RotationOrder startGroup(String group, @Nullable Instant by, String actor) {
    var now = clock.instant();
    return late(by, now)
        .orElseGet(
            () ->
                database.write(
                    handle -> {
                      var known =
                          handle
                              .createQuery("select 1 from principal_group where name = :name")
                              .bind("name", group)
                              .mapTo(Integer.class)
                              .findOne();
                      return known.isEmpty()
                          ? new Refused(Why.UNKNOWN, "group-unknown", "no group '" + group + "'")
                          : ordered(handle, group, "group " + group, by, actor, now);
                    }));
  }

  /** Has every device rotated, in waves. */
  public RotationOrder startAll(@Nullable Instant by, String actor) {
    var now = clock.instant();
    return late(by, now)
        .orElseGet(
            () -> database.write(handle -> ordered(handle, "", "everybody", by, actor, now)));
  }

  private static RotationOrder ordered(
      Handle handle, String group, String whom, @Nullable Instant by, String actor, Instant now) {
    DemandTable.order(handle, group, by, now);
    long devices = DemandTable.size(handle, group);
    tell(handle, EventType.ROTATION_DEMANDED, actor, whom, by, devices, now);
    return new Ordered(devices);
  }

  private static Optional<RotationOrder> late(@Nullable Instant by, Instant now) {
    return by != null && !by.isAfter(now)
        ? Optional.of(new Refused(Why.MALFORMED, "malformed-by", "'by' lies in the past: " + by))
        : Optional.empty();
  }

  private static void tell(
      Handle handle,
      EventType type,
      String actor,
      String whom,
      @Nullable Instant by,
      long devices,
      Instant now) {
    var facts = new TreeMap<String, String>();
    facts.put("devices", Long.toString(devices));
    if (by != null) {
      facts.put("by", by.toString());
    }
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, whom, facts));
  }

  /** No wave follows until {@link #resume}; who was asked goes on. False if it was so already. */
  public boolean pause(String actor) {
    return hold(
        actor,
        true,
        EventType.ROTATION_PAUSED,
        (handle, now) -> {
          var pace = WaveTable.pace(handle, settings.pace()).pace();
          WaveTable.pace(handle, new Held(new Pace(pace.size(), true), actor, now));
        });
  }

  /** Waves follow again, beginning with a first one. False if they do already. */
  public boolean resume(String actor) {
    return hold(
        actor,
        false,
        EventType.ROTATION_RESUMED,
        (handle, now) -> WaveTable.resume(handle, settings.pace(), now));
  }

  private boolean hold(
      String actor, boolean paused, EventType type, BiConsumer<Handle, Instant> change) {
    var now = clock.instant();
    return database.write(
        handle -> {
          WaveTable.lock(handle, settings.pace());
          if (WaveTable.pace(handle, settings.pace()).pace().paused() == paused) {
            return false;
          }
          change.accept(handle, now);
          LedgerStore.append(handle, SecurityEvent.of(now, type, actor, "rotation", Map.of()));
          return true;
        });
  }

  /** How far it is. */
  public RotationStatus status() {
    return database.read(handle -> StatusReport.of(handle, settings, clock.instant()));
  }

  /** The last rotation of each device, after an id; of one state only if one is given. */
  public List<RotationRecord> page(@Nullable RotationState state, String after, int limit) {
    return database.read(handle -> RotationTable.page(handle, state, after, limit));
  }

  /** When certificates end over the coming year. */
  public ExpiryPicture expiry(ExpiryPicture.By by) {
    return ExpiryPicture.of(database, by, clock.instant());
  }

  /** How many certificates that nothing replaces end within how many days. */
  public Map<Integer, Long> ending() {
    return alarms.within(clock.instant());
  }

  /** How many connections were not noted as proofs, because too many waited. */
  public long proofsDropped() {
    return proofs.dropped();
  }

  @Override
  public synchronized void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var last = counting;
    if (last != null) {
      run(last::write);
    }
  }
}
