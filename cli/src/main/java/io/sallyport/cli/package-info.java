/** The operator's hand: commands that talk to the desk over mutual TLS. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
