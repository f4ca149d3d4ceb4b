/** Who is observed by which proposal, what was used, and what follows from that for policies. */
@NullMarked
package io.sallyport.control.observation;

import org.jspecify.annotations.NullMarked;
