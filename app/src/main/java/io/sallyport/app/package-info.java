/** Wires the modules into one process; the only place with a clock and randomness of its own. */
@NullMarked
package io.sallyport.app;

import org.jspecify.annotations.NullMarked;
