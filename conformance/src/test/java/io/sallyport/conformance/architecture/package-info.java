/** The design as rules: what a module may know, and what no source file may contain. */
@NullMarked
package io.sallyport.conformance.architecture;

import org.jspecify.annotations.NullMarked;
