/** The decision engine beside other engines: the same rules, the same questions, in one JMH run. */
@NullMarked
package io.sallyport.microbench;

import org.jspecify.annotations.NullMarked;
