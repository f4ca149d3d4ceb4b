/** MQTT 5 as a client speaks it: one connection, and what became of it. */
@NullMarked
package io.sallyport.agent.mqtt;

import org.jspecify.annotations.NullMarked;
