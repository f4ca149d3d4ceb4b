package io.sallyport.control.registry;

import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells the enforcement point what the registry says, after it was committed.
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

  /** A feed that tells nobody yet. */
  public TrustFeed(Database database, Principals principals) {
    this.database = database;
    this.principals = principals;
  }

  /** From now on tells this enforcement point. */
  public void connect(Enforcement newEnforcement) {
    enforcement = newEnforcement;
  }

  /** The enforcement point that is told. */
  public Enforcement enforcement() {
    return enforcement;
  }

  /** Something about these principals was committed. */
  public void publish(List<PrincipalId> changed) {
    for (int from = 0; from < changed.size(); from += PAGE) {
      var some = changed.subList(from, Math.min(from + PAGE, changed.size()));
      order.lock();
      try {
        database
            .read(handle -> principals.findAll(handle, some))
            .forEach(enforcement::trustChanged);
      } finally {
        order.unlock();
      }
    }
  }

  /** A new version of a policy was committed: everybody who has it, itself or by a group. */
  public void publishPolicy(String policy) {
    publishAll((handle, after) -> principals.pageOfPolicy(handle, policy, after, PAGE));
    // One group after the other: a page of each is one walk of an index, of all together it is not.
    database.read(handle -> GroupTable.withPolicy(handle, policy)).forEach(this::publishGroup);
    database.read(handle -> ObservationTable.proposing(handle, policy)).forEach(this::publish);
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
    publishAll((handle, after) -> principals.pageOfGroup(handle, group, after, PAGE));
  }

  private void publishAll(BiFunction<Handle, String, List<PrincipalRecord>> pages) {
    for (var last = publishPage(pages, ""); last != null; ) {
      last = publishPage(pages, last);
    }
  }

  private @Nullable String publishPage(
      BiFunction<Handle, String, List<PrincipalRecord>> pages, String after) {
    order.lock();
    try {
      var page = database.read(handle -> pages.apply(handle, after));
      page.forEach(enforcement::trustChanged);
      return page.isEmpty() ? null : page.getLast().id().value();
    } finally {
      order.unlock();
    }
  }
}
