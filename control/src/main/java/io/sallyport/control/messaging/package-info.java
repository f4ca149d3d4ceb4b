/** Services that devices speak to over MQTT, and the desk's way to the messages. */
@NullMarked
package io.sallyport.control.messaging;

import org.jspecify.annotations.NullMarked;
