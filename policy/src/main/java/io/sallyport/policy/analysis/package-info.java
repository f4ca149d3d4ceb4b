/**
 * What policies can ever allow, and what never: exact answers over all names by automata, each with
 * a shortest example.
 */
@NullMarked
package io.sallyport.policy.analysis;

import org.jspecify.annotations.NullMarked;
