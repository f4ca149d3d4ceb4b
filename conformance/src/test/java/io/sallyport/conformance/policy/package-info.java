/** What a changed policy does to those who are connected at that moment. */
@NullMarked
package io.sallyport.conformance.policy;

import org.jspecify.annotations.NullMarked;
