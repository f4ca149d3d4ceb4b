/** Batches: devices that leave a factory together, and that are ended together if one leaks. */
@NullMarked
package io.sallyport.control.batches;

import org.jspecify.annotations.NullMarked;
