/**
 * Flame graphs: the flight recorder of the server under test samples the CPU time of its Java
 * threads during the measured windows, and its stacks become one picture for each case.
 */
@NullMarked
package io.sallyport.bench.flame;

import org.jspecify.annotations.NullMarked;
