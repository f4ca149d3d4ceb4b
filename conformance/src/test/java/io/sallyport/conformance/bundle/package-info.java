/** Bundles as firmware takes them: compiled, connected, and refused when anything is wrong. */
@NullMarked
package io.sallyport.conformance.bundle;

import org.jspecify.annotations.NullMarked;
