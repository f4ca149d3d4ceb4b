/** AWS IoT fleet provisioning: devices that come with a claim over MQTT become things. */
@NullMarked
package io.sallyport.control.provisioning;

import org.jspecify.annotations.NullMarked;
