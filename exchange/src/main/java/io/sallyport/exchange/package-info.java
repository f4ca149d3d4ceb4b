/**
 * How messages move between sessions. Nothing here knows a device's socket or a policy: the gateway
 * hands in packets that it has decided, and takes deliveries that it decides again.
 */
@NullMarked
package io.sallyport.exchange;

import org.jspecify.annotations.NullMarked;
