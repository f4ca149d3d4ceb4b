package io.sallyport.policy.activity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all observed principals did since somebody last asked; holds an empty place for each that
 * was ever observed since the start.
 */
public final class ActivityLog {
  /** Bound: names of all principals together; further ones are only counted. */
  public static final int NAMES_MAX = 200_000;

  private final ConcurrentHashMap<String, PrincipalActivity> principals = new ConcurrentHashMap<>();
  private final Room room;

  /** Room for names, shared by all principals. */
  static final class Room {
    private final AtomicInteger left;

    Room(int names) {
      left = new AtomicInteger(names);
    }

    boolean take() {
      if (left.decrementAndGet() >= 0) {
        return true;
      }
      left.incrementAndGet();
      return false;
    }

    void giveBack(int names) {
      left.addAndGet(names);
    }

    int left() {
      return left.get();
    }
  }

  /** An empty log. */
  public ActivityLog() {
    this(NAMES_MAX);
  }

  ActivityLog(int namesMax) {
    room = new Room(namesMax);
  }

  /** Where this principal's activity is counted; to be kept by its sessions. */
  public PrincipalActivity of(String principal) {
    return principals.computeIfAbsent(principal, _ -> new PrincipalActivity(room));
  }

  /** What was counted since the last call. */
  public List<Activity> drain() {
    var drained = new ArrayList<Activity>();
    principals.forEach((principal, activity) -> activity.drain(principal, drained));
    return drained;
  }

  int roomLeft() {
    return room.left();
  }
}
