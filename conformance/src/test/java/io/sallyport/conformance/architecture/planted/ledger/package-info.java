/** A planted ledger with known faults. */
@NullMarked
package io.sallyport.conformance.architecture.planted.ledger;

import org.jspecify.annotations.NullMarked;
