/** MQTT 3.1.1 and 5 on the wire: strict reading and compact writing, payloads never looked into. */
@NullMarked
package io.sallyport.gateway.mqtt;

import org.jspecify.annotations.NullMarked;
