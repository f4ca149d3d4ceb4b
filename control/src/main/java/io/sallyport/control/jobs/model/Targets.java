package io.sallyport.control.jobs.model;

import io.sallyport.control.registry.PrincipalQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a job is for: each of these.
 *
 * @param devices by their ids
 * @param groups all members that are devices
 * @param query null for none
 */
public record Targets(List<String> devices, List<String> groups, @Nullable PrincipalQuery query) {
  /** Bound: devices that are named one by one. */
  public static final int DEVICES_MAX = 500;

  /** Bound: groups of one job. */
  public static final int GROUPS_MAX = 50;

  /** Copies the lists. */
  public Targets {
    devices = List.copyOf(devices);
    groups = List.copyOf(groups);
  }
}
