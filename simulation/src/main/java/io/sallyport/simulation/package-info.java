/**
 * A fleet that replaces its credentials through years of bad weather: the rules and the device are
 * the real ones, the keys are numbers, the time is counted, the luck has a seed.
 */
@NullMarked
package io.sallyport.simulation;

import org.jspecify.annotations.NullMarked;
