/** A running Sallyport: the modules wired together, started and stopped in order. */
@NullMarked
package io.sallyport.app.node;

import org.jspecify.annotations.NullMarked;
