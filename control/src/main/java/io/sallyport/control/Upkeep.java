package io.sallyport.control;

import static io.sallyport.control.schedule.Rounds.attempt;

import io.sallyport.control.batches.Batches;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.authority.EnrolmentDesk;
import io.sallyport.control.jobs.JobScheduler;
import io.sallyport.control.provisioning.FleetProvisioning;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.control.rotation.Rotations;
import io.sallyport.control.schedule.Rounds;
import io.sallyport.control.shadow.ShadowDesk;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done now and then: certificates expire, interrupted enrolments are given up. */
final class Upkeep implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(1);

  // In a shared database another process may be signing at this moment.
  private static final Duration SIGNING_MAX = Duration.ofMinutes(10);

  // A cut of another process may be under way; who waits for confirmations gives up before that.
  private static final Duration CUTTING_MAX = Duration.ofMinutes(2);

  // Bound: certificates that expire in one transaction.
  private static final int GROUP_MAX = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Database database;
  private final TrustFeed feed;
  private final Enroller enroller;
  private final Revoker revoker;
  private final Batches batches;
  private final EnrolmentDesk desk;
  private final FleetProvisioning provisioning;
  private final ShadowDesk shadows;
  private final JobScheduler jobs;
  private final Rotations rotations;
  private final InstantSource clock;
  private final Rounds timer = new Rounds("upkeep");
  // Of its own, so that a long sweep holds up no rollout.
  private final Rounds jobTimer = new Rounds("jobs");
  private volatile BooleanSupplier leading = () -> false;

  Upkeep(
      Database database,
      TrustFeed feed,
      Enroller enroller,
      Revoker revoker,
      Batches batches,
      EnrolmentDesk desk,
      FleetProvisioning provisioning,
      ShadowDesk shadows,
      JobScheduler jobs,
      Rotations rotations,
      InstantSource clock) {
    this.jobs = jobs;
    this.rotations = rotations;
    this.provisioning = provisioning;
    this.shadows = shadows;
    this.revoker = revoker;
    this.batches = batches;
    this.desk = desk;
    this.database = database;
    this.feed = feed;
    this.enroller = enroller;
    this.clock = clock;
  }

  /** Before anything is enrolled: nothing of this process can be under way. */
  void afterStart() {
    var now = clock.instant();
    int given = enroller.giveUpInterrupted(database.isShared() ? now.minus(SIGNING_MAX) : now);
    if (given > 0) {
      LOG.atWarn().setMessage("interrupted enrolments given up").addKeyValue("count", given).log();
    }
    expire();
  }

  /**
   * Begins.
   *
   * @param newLeading whether this process finishes what others did not
   */
  void begin(BooleanSupplier newLeading) {
    leading = newLeading;
    timer.every(EVERY, EVERY, "upkeep", this::sweep);
    jobTimer.every(JobScheduler.EVERY, JobScheduler.EVERY, "the jobs' work", this::tickJobs);
  }

  /** Marks what has expired, and tells whose it was. */
  void expire() {
    List<PrincipalId> some;
    do {
      some = database.write(this::expireSome);
      feed.publish(some);
    } while (!some.isEmpty());
  }

  private List<PrincipalId> expireSome(Handle handle) {
    var whose =
        Certificates.expire(handle, clock.instant(), GROUP_MAX).stream().distinct().toList();
    feed.note(handle, whose);
    return whose;
  }

  @Override
  public void close() {
    timer.close();
    jobTimer.close();
  }

  /** Whether nobody else does what one process does for all. */
  private boolean isLeading() {
    return !database.isShared() || leading.getAsBoolean();
  }

  /** What jobs bring with time. */
  void tickJobs() {
    if (isLeading()) {
      jobs.tick(clock.instant());
    }
  }

  /** Each of it by itself: what one part runs into keeps no other waiting. */
  void sweep() {
    attempt(
        "giving up interrupted enrolments",
        () -> enroller.giveUpInterrupted(clock.instant().minus(SIGNING_MAX)));
    attempt("expiring certificates", this::expire);
    attempt("upkeep of enrolment", desk::sweep);
    attempt("upkeep of provisioning", provisioning::sweep);
    attempt("upkeep of shadows", shadows::sweep);
    attempt("rotation", this::rotate);
    attempt("finishing batches", this::finishBatches);
    attempt("finishing revocations", this::finishRevocations);
  }

  private void rotate() {
    rotations.look();
    rotations.work();
    if (isLeading()) {
      rotations.tick(clock.instant());
    }
  }

  private void finishBatches() {
    if (isLeading()) {
      batches.finishInterrupted();
    }
  }

  private void finishRevocations() {
    if (database.isShared() && leading.getAsBoolean()) {
      revoker.finishInterrupted(clock.instant().minus(CUTTING_MAX));
    }
  }
}
