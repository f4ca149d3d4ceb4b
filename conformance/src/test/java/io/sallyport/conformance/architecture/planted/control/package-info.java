/** A planted control with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.control;

import org.jspecify.annotations.NullMarked;
