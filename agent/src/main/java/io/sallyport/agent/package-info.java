/** A device on embedded Linux: connected, pinned, and true to what it said and was told. */
@NullMarked
package io.sallyport.agent;

import org.jspecify.annotations.NullMarked;
