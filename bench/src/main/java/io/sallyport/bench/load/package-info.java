/**
 * The load generators, each in a process of its own so that the server's CPU time is only the
 * server's. They speak to the measuring process in lines: see {@link ControlLine}.
 */
@NullMarked
package io.sallyport.bench.load;

import org.jspecify.annotations.NullMarked;
