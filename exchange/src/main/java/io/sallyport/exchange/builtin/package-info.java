/**
 * The exchange that runs in the gateway's own process, for one machine.
 *
 * <p>A publication finds its receivers in {@link io.sallyport.exchange.builtin.Subscriptions}, is
 * put into the queue of each {@link io.sallyport.exchange.builtin.SessionState}, and leaves through
 * the receiver's {@link io.sallyport.exchange.builtin.Connection}. What must survive goes through
 * the {@link io.sallyport.exchange.builtin.Journal} before it is acknowledged.
 *
 * <p>Locks are taken in this order and no other: {@code Sessions}, one {@code SessionState}, then
 * one of the leaves {@code Subscriptions}, {@code RetainedMessages}, {@code Journal}.
 */
@NullMarked
package io.sallyport.exchange.builtin;

import org.jspecify.annotations.NullMarked;
