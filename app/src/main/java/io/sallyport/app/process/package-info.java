/** The weather of this process: clock, environment, terminal, log. */
@NullMarked
package io.sallyport.app.process;

import org.jspecify.annotations.NullMarked;
