/** A world that breaks the design in known places, so that the rules are seen to catch it. */
@NullMarked
package io.sallyport.conformance.architecture.planted;

import org.jspecify.annotations.NullMarked;
