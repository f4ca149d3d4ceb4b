/**
 * The verifier in C for constrained devices, as a compiler takes it and as an attacker meets it.
 */
@NullMarked
package io.sallyport.conformance.device;

import org.jspecify.annotations.NullMarked;
