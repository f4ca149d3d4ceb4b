/**
 * What the gate believes about each principal right now: fed from outside, read at every handshake,
 * connection and change.
 */
@NullMarked
package io.sallyport.gateway.trust;

import org.jspecify.annotations.NullMarked;
