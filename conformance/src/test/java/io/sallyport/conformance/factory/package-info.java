/** What a factory line hands out, as other people's tools read it. */
@NullMarked
package io.sallyport.conformance.factory;

import org.jspecify.annotations.NullMarked;
