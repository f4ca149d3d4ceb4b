package io.sallyport.policy.suggestion;

import io.sallyport.policy.Action;
import io.sallyport.policy.activity.NamePattern;
import java.time.Instant;

/**
 * What one principal was seen to do.
 *
 * @param device whether it is a device, of which there are many, or a backend
 */
public record Seen(
    String principal,
    boolean device,
    Action action,
    NamePattern name,
    long count,
    Instant first,
    Instant last) {}
