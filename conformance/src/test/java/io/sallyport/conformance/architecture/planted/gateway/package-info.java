/** A planted gateway with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.gateway;

import org.jspecify.annotations.NullMarked;
