package io.sallyport.gateway.trust;

import io.sallyport.policy.PolicySet;
import org.jspecify.annotations.Nullable;

/**
 * That a principal is observed.
 *
 * @param proposed the policies that it may come to have, or null if nothing is proposed yet
 */
public record Observation(@Nullable PolicySet proposed) {}
