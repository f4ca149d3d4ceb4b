/**
 * Programs of the device's owner that commands and jobs may run: by name, bounded, without a shell.
 */
@NullMarked
package io.sallyport.agent.program;

import org.jspecify.annotations.NullMarked;
