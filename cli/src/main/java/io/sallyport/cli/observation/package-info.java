/** Least privilege from what was seen: observe, suggest, enforce, and what nobody uses. */
@NullMarked
package io.sallyport.cli.observation;

import org.jspecify.annotations.NullMarked;
