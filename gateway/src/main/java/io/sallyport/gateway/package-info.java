/**
 * The policy enforcement point: the only place that sees a device's socket. Handshake, identity,
 * decision; per packet and per delivery.
 */
@NullMarked
package io.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
