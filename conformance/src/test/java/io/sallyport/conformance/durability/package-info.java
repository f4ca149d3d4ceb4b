/** The plug pulled: what was acknowledged is there when the product comes back. */
@NullMarked
package io.sallyport.conformance.durability;

import org.jspecify.annotations.NullMarked;
