/**
 * Static pictures for the documentation: plain SVG without scripts, the same for the same facts.
 */
@NullMarked
package io.sallyport.bench.drawing;

import org.jspecify.annotations.NullMarked;
