/** The product in front of a broker that somebody else made. */
@NullMarked
package io.sallyport.conformance.upstream;

import org.jspecify.annotations.NullMarked;
