/** The product seen from outside: third-party clients, tools, an oracle, and the design's rules. */
@NullMarked
package io.sallyport.conformance;

import org.jspecify.annotations.NullMarked;
