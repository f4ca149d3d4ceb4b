/** A planted policy with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.policy;

import org.jspecify.annotations.NullMarked;
