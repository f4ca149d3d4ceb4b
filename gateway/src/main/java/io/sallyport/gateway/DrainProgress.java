package io.sallyport.gateway;

import org.jspecify.annotations.Nullable;

/**
 * How far a drain has come.
 *
 * @param draining whether nobody new is let in
 * @param server where devices are told to go, or null: nowhere else
 * @param moved whether they are told to go there from now on
 * @param sent how many were sent away since it began
 * @param remaining sessions that are still connected
 */
public record DrainProgress(
    boolean draining, @Nullable String server, boolean moved, long sent, long remaining) {}
