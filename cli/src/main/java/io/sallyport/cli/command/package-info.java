/** The commands, one class for each noun. */
@NullMarked
package io.sallyport.cli.command;

import org.jspecify.annotations.NullMarked;
