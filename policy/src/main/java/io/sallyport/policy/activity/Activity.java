package io.sallyport.policy.activity;

import io.sallyport.policy.Action;

/**
 * What one principal was allowed since somebody last asked.
 *
 * @param count how often
 * @param denied how often of these the proposed policies would have denied it
 */
public record Activity(
    String principal, Action action, NamePattern name, long count, long denied) {}
