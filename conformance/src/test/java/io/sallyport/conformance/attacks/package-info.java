/** Attacks on the gate of a running product, from outside. */
@NullMarked
package io.sallyport.conformance.attacks;

import org.jspecify.annotations.NullMarked;
