/**
 * Moves the rights of a Mosquitto broker here, and back: its ACL file read as the broker reads it.
 */
@NullMarked
package io.sallyport.policy.mosquitto;

import org.jspecify.annotations.NullMarked;
