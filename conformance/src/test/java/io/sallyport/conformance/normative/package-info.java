/**
 * Normative statements of MQTT 5 (and of 3.1.1 where it says the same), each asked on the wire and
 * named by its number in the specification of version 5.
 */
@NullMarked
package io.sallyport.conformance.normative;

import org.jspecify.annotations.NullMarked;
