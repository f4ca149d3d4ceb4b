package io.sallyport.control.registry;

import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.registry.TrustChanges.Kind;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells the enforcement point what the registry says, after it was committed; and, where other
 * gateways share the registry, notes for them in the same transaction that there is something new.
 *
 * <p>Invariant: a record is read and handed over under one lock, so the last word that the
 * enforcement point hears of a principal is never older than the last commit.
 */
public final class TrustFeed {
  // Bound: principals read and told of while the lock is held, so that a revocation waits shortly.
  private static final int PAGE = 200;

  private final Database database;
  private final Principals principals;
  private final ReentrantLock order = new ReentrantLock(true);
  private volatile Enforcement enforcement = Enforcement.NOBODY;
  private volatile String gateway = "";
  private volatile Runnable missed = () -> {};

  /** A feed that tells nobody yet. */
  public TrustFeed(Database database, Principals principals) {
    this.database = database;
    this.principals = principals;
  }

  /** From now on tells this enforcement point. */
  public void connect(Enforcement newEnforcement) {
    enforcement = newEnforcement;
  }

  /** From now on notes changes as made at this gateway. */
  public void join(String newGateway) {
    gateway = newGateway;
  }

  /** What is to be done when the enforcement point was not told of a change that was made. */
  public void tellMissed(Runnable newMissed) {
    missed = newMissed;
  }

  /** The gateway at whose desk changes are made; empty if there is but one, or none. */
  public String gateway() {
    return gateway;
  }

  /** The enforcement point that is told. */
  public Enforcement enforcement() {
    return enforcement;
  }

  // Within the transaction of a change.

  /** Something about these principals changes. */
  public void note(Handle handle, List<PrincipalId> changed) {
    note(handle, Kind.PRINCIPAL, changed.stream().map(PrincipalId::value).toList(), false);
  }

  /**
   * A principal is put out, everywhere.
   *
   * @return the number under which other gateways confirm it; 0 where there can be none
   */
  public long noteCut(Handle handle, PrincipalId id) {
    return note(handle, Kind.PRINCIPAL, List.of(id.value()), true);
  }

  /** There is a new version of a policy. */
  public void notePolicy(Handle handle, String policy) {
    note(handle, Kind.POLICY, List.of(policy), false);
  }

  /** What the members of a group may do changes. */
  public void noteGroup(Handle handle, String group) {
    note(handle, Kind.GROUP, List.of(group), false);
  }

  /**
   * A group ends: each of its members, whom nobody can find by it any more. Who reads of a change
   * of the group only afterwards would tell nobody.
   */
  public void noteMembers(Handle handle, String group) {
    if (database.isShared()) {
      TrustChanges.addMembers(handle, gateway, group);
    }
  }

  /** Something about one principal, or about all members of a group, changes. */
  public void note(Handle handle, Scope scope) {
    switch (scope.kind()) {
      case GROUP -> noteGroup(handle, scope.name());
      case PRINCIPAL -> note(handle, List.of(new PrincipalId(scope.name())));
    }
  }

  private long note(Handle handle, Kind kind, List<String> names, boolean cut) {
    return database.isShared() && !names.isEmpty()
        ? TrustChanges.add(handle, gateway, kind, names, cut)
        : 0;
  }

  // After its commit.

  /** Something about these principals was committed. */
  public void publish(List<PrincipalId> changed) {
    guarded(() -> tell(changed));
  }

  /** A new version of a policy was committed: everybody who has it, itself or by a group. */
  public void publishPolicy(String policy) {
    guarded(() -> tellPolicy(policy));
  }

  /** Something about one principal, or about all members of a group, was committed. */
  public void publish(Scope scope) {
    switch (scope.kind()) {
      case GROUP -> publishGroup(scope.name());
      case PRINCIPAL -> publish(List.of(new PrincipalId(scope.name())));
    }
  }

  /** Something about a group was committed that changes what its members may do. */
  public void publishGroup(String group) {
    guarded(() -> tellGroup(group));
  }

  /** What is committed and could not be told must be told later. */
  private void guarded(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      missed.run();
      throw e;
    }
  }

  // Whoever has changed it.

  /** Tells of principals; what the registry says of them. */
  public List<PrincipalRecord> tell(List<PrincipalId> changed) {
    var told = new ArrayList<PrincipalRecord>();
    for (int from = 0; from < changed.size(); from += PAGE) {
      var some = changed.subList(from, Math.min(from + PAGE, changed.size()));
      order.lock();
      try {
        var records = database.read(handle -> principals.findAll(handle, some));
        records.forEach(enforcement::trustChanged);
        told.addAll(records);
      } finally {
        order.unlock();
      }
    }
    return told;
  }

  /** Tells of everybody who has a policy, itself or by a group. */
  public void tellPolicy(String policy) {
    tellAll((handle, after) -> principals.pageOfPolicy(handle, policy, after, PAGE));
    // One group after the other: a page of each is one walk of an index, of all together it is not.
    database.read(handle -> GroupTable.withPolicy(handle, policy)).forEach(this::tellGroup);
    database
        .read(handle -> ObservationTable.proposing(handle, policy))
        .forEach(
            scope -> {
              switch (scope.kind()) {
                case GROUP -> tellGroup(scope.name());
                case PRINCIPAL -> tell(List.of(new PrincipalId(scope.name())));
              }
            });
  }

  /** Tells of the members of a group. */
  public void tellGroup(String group) {
    tellAll((handle, after) -> principals.pageOfGroup(handle, group, after, PAGE));
  }

  private void tellAll(BiFunction<Handle, String, List<PrincipalRecord>> pages) {
    for (var last = tellPage(pages, ""); last != null; ) {
      last = tellPage(pages, last);
    }
  }

  private @Nullable String tellPage(
      BiFunction<Handle, String, List<PrincipalRecord>> pages, String after) {
    var page = nextPage(pages, after);
    return page.isEmpty() ? null : page.getLast().id().value();
  }

  /** Tells of the next principals after an id, in the order of ids; those that were told of. */
  public List<PrincipalRecord> tellNext(String after) {
    return nextPage((handle, from) -> principals.page(handle, from, PAGE), after);
  }

  private List<PrincipalRecord> nextPage(
      BiFunction<Handle, String, List<PrincipalRecord>> pages, String after) {
    order.lock();
    try {
      var page = database.read(handle -> pages.apply(handle, after));
      page.forEach(enforcement::trustChanged);
      return page;
    } finally {
      order.unlock();
    }
  }
}
