/** The real product and the real tools, each in a process of its own, as a user runs them. */
@NullMarked
package io.sallyport.conformance.product;

import org.jspecify.annotations.NullMarked;
