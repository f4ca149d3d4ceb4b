package io.sallyport.gateway.topic;

import java.util.Set;

/**
 * What a caller may do, by exact names: nothing of it is a pattern.
 *
 * @param requests the topics that it may publish to
 * @param replies the filters that it may subscribe to; the one wildcard among them may be a last
 *     level {@code +}
 */
public record Grant(Set<String> requests, Set<String> replies) {
  /** Nothing: it is not let in. */
  public static final Grant NONE = new Grant(Set.of(), Set.of());

  public Grant {
    requests = Set.copyOf(requests);
    replies = Set.copyOf(replies);
  }

  /** Whether there is anything that it may ask for. */
  public boolean isSomething() {
    return !requests.isEmpty();
  }
}
