/** What a principal may do: documents, variables, and decisions that carry their reason. */
@NullMarked
package io.sallyport.policy;

import org.jspecify.annotations.NullMarked;
