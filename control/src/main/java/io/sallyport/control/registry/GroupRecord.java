package io.sallyport.control.registry;

import java.time.Instant;
import java.util.List;

/**
 * What the registry knows of one group.
 *
 * @param members how many devices and backends are in it, the revoked ones too
 * @param policies the names of those that its members have by it, in order
 */
public record GroupRecord(String name, long members, List<String> policies, Instant createdAt) {
  public GroupRecord {
    policies = List.copyOf(policies);
  }
}
