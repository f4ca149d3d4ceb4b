/**
 * The exchange over the user's own MQTT broker: each session of a device is a session of the same
 * client id there, on a connection of its own that lives on the event loop of the device's.
 */
@NullMarked
package io.sallyport.exchange.upstream;

import org.jspecify.annotations.NullMarked;
