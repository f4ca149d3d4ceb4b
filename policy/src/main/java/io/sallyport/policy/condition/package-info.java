/** The operators of conditions: what each compares, and with what result. */
@NullMarked
package io.sallyport.policy.condition;

import org.jspecify.annotations.NullMarked;
