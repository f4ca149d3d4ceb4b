package io.sallyport.control.observation;

import io.sallyport.control.observation.UsageTable.Period;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rights that nobody used for as long as somebody watched. */
public final class UnusedRights {
  private final Database database;
  private final Principals principals;
  private final InstantSource clock;

  /** What is unused by this registry. */
  public UnusedRights(Database database, Principals principals, InstantSource clock) {
    this.database = database;
    this.principals = principals;
    this.clock = clock;
  }

  /**
   * A part of a statement that nobody used.
   *
   * @param whole whether it is the whole statement
   * @param actions the actions that were not used, on the resources given
   * @param resources the resources that were not used, by type and name
   * @param lastUsed when it last was, before the time asked about; null if it never was recorded
   */
  public record Unused(
      String policy,
      int version,
      int statement,
      String sid,
      int line,
      boolean whole,
      List<String> actions,
      List<String> resources,
      @Nullable Instant lastUsed) {
    /** Copies what could change. */
    public Unused {
      actions = List.copyOf(actions);
      resources = List.copyOf(resources);
    }
  }

  /**
   * A policy with what of it is unused.
   *
   * @param watchedFrom the beginning of the time looked at: asked for, or the version's beginning
   * @param watchedSeconds for how long of that somebody recorded; where it is 0, nothing is claimed
   * @param allows how many statements of it allow something
   */
  public record Policy(
      String name,
      int version,
      Instant watchedFrom,
      long watchedSeconds,
      int allows,
      List<Unused> unused) {
    /** Copies what could change. */
    public Policy {
      unused = List.copyOf(unused);
    }
  }

  /** Every attached policy. */
  public List<Policy> ofAll(Duration since) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select policy from attachment union select policy from group_policy order by"
                        + " 1")
                .mapTo(String.class)
                .list()
                .stream()
                .map(name -> policy(handle, name, since))
                .flatMap(Optional::stream)
                .toList());
  }

  /** One policy, attached or not; none if there is none of that name. */
  public Optional<Policy> of(String policy, Duration since) {
    return database.read(handle -> policy(handle, policy, since));
  }

  /** The policies that a principal has, or that a group gives; none if there is no such scope. */
  public Optional<List<Policy>> of(Scope scope, Duration since) {
    return database.read(
        handle -> {
          if (Observations.refusal(handle, scope).isPresent()) {
            return Optional.empty();
          }
          return Optional.of(
              names(handle, scope).stream()
                  .flatMap(name -> policy(handle, name, since).stream())
                  .toList());
        });
  }

  private List<String> names(Handle handle, Scope scope) {
    return switch (scope.kind()) {
      case GROUP -> GroupTable.policiesOf(handle, scope.name());
      case PRINCIPAL ->
          principals.find(handle, new PrincipalId(scope.name())).stream()
              .flatMap(record -> record.policies().stream())
              .map(PolicyVersion::name)
              .toList();
    };
  }

  private Optional<Policy> policy(Handle handle, String name, Duration since) {
    var number = AttachedPolicies.newestVersion(handle, name);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    var policy = principals.policy(handle, name, number.get());
    var from = later(clock.instant().minus(since), createdAt(handle, policy));
    long watched = watched(UsageTable.periods(handle), from);
    var lastUses = UsageTable.lastUses(handle, name, policy.version());
    var unused = new ArrayList<Unused>();
    int allows = 0;
    for (var statement : StatementView.of(policy)) {
      if (statement.allows()) {
        allows++;
        if (watched > 0) {
          unused.addAll(new StatementUse(statement, lastUses, from).unused());
        }
      }
    }
    return Optional.of(new Policy(name, policy.version(), from, watched, allows, unused));
  }

  private static Instant createdAt(Handle handle, PolicyVersion policy) {
    return Instant.ofEpochMilli(
        handle
            .createQuery(
                "select created_at from policy_version where name = :name and version = :version")
            .bind("name", policy.name())
            .bind("version", policy.version())
            .mapTo(Long.class)
            .one());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Periods of several processes may overlap; a second counts once. */
  static long watched(List<Period> periods, Instant from) {
    long millis = 0;
    var reached = from;
    for (var period : periods) {
      var begin = later(period.from(), reached);
      if (period.until().isAfter(begin)) {
        millis += Duration.between(begin, period.until()).toMillis();
        reached = period.until();
      }
    }
    return millis / 1_000;
  }

  /** Which rights of one statement were used. */
  private record StatementUse(
      StatementView statement, Map<UsageTable.Key, Instant> lastUses, Instant from) {
    List<Unused> unused() {
      var actions = statement.actions().stream().sorted().toList();
      if (statement.excluding()) {
        return unusedActions(actions);
      }
      int total = 0;
      var idle = new ArrayList<Unused>();
      for (int i = 0; i < statement.resources().size(); i++) {
        var resource = statement.resources().get(i);
        var possible = actions.stream().filter(resource.names()::containsKey).toList();
        var unused = idle(possible, i);
        total += possible.size();
        if (!unused.isEmpty()) {
          idle.add(part(unused, List.of(resource.text()), lastOf(unused, i)));
        }
      }
      int count = idle.stream().mapToInt(one -> one.actions().size()).sum();
      return count == total && count > 0 ? List.of(whole(actions, idle)) : idle;
    }

    private List<Unused> unusedActions(List<Action> actions) {
      var unused = idle(actions, 0);
      var texts = statement.resources().stream().map(r -> "not " + r.text()).toList();
      if (unused.isEmpty()) {
        return List.of();
      }
      var part = part(unused, texts, lastOf(unused, 0));
      return unused.size() == actions.size()
          ? List.of(whole(actions, List.of(part)))
          : List.of(part);
    }

    private List<Action> idle(List<Action> actions, int resource) {
      return actions.stream()
          .filter(
              action -> {
                var last = last(action, resource);
                return last == null || last.isBefore(from);
              })
          .toList();
    }

    private @Nullable Instant last(Action action, int resource) {
      return lastUses.get(new UsageTable.Key(statement.at().index(), action.word(), resource));
    }

    private @Nullable Instant lastOf(List<Action> actions, int resource) {
      Instant latest = null;
      for (var action : actions) {
        var last = last(action, resource);
        latest = latest == null || (last != null && last.isAfter(latest)) ? last : latest;
      }
      return latest;
    }

    private Unused whole(List<Action> actions, List<Unused> parts) {
      var resources = new TreeSet<String>();
      Instant last = null;
      for (var part : parts) {
        resources.addAll(part.resources());
        var used = part.lastUsed();
        last = last == null || (used != null && used.isAfter(last)) ? used : last;
      }
      return unused(true, actions, List.copyOf(resources), last);
    }

    private Unused part(List<Action> actions, List<String> resources, @Nullable Instant last) {
      return unused(false, actions, resources, last);
    }

    private Unused unused(
        boolean whole, List<Action> actions, List<String> resources, @Nullable Instant last) {
      var at = statement.at();
      return new Unused(
          at.policy(),
          at.version(),
          at.index(),
          at.sid(),
          at.line(),
          whole,
          actions.stream().map(Action::word).toList(),
          resources,
          last);
    }
  }
}
