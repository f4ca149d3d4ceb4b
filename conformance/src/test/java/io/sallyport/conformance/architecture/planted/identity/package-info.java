/** A planted identity with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.identity;

import org.jspecify.annotations.NullMarked;
