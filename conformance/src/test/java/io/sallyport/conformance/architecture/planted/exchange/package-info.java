/** A planted exchange with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.exchange;

import org.jspecify.annotations.NullMarked;
