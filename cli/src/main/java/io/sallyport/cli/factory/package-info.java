/** A factory line: a batch of devices enrolled, written out, signed for and checked. */
@NullMarked
package io.sallyport.cli.factory;

import org.jspecify.annotations.NullMarked;
