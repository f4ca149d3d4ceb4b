/**
 * Brokers of others, each as a program that a test or a benchmark starts, kills and starts again.
 */
@NullMarked
package io.sallyport.brokers;

import org.jspecify.annotations.NullMarked;
