/**
 * The second door: what one verified connection may do, packet by packet and delivery by delivery.
 */
@NullMarked
package io.sallyport.gateway.connection;

import org.jspecify.annotations.NullMarked;
