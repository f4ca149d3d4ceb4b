/** What the commands say and how: clean text, tables, progress, and failures with an exit code. */
@NullMarked
package io.sallyport.cli.terminal;

import org.jspecify.annotations.NullMarked;
