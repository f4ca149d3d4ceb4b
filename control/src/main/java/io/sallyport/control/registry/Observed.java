package io.sallyport.control.registry;

import io.sallyport.policy.PolicyVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That somebody is observed, itself or by a group.
 *
 * @param proposed what it would have if every proposal were enforced; null if there is none, or if
 *     that were too many policies
 */
public record Observed(@Nullable List<PolicyVersion> proposed) {
  public Observed {
    proposed = proposed == null ? null : List.copyOf(proposed);
  }
}
