/**
 * Policies made of what was seen: as few words as cover it, and no more than the evidence carries.
 */
@NullMarked
package io.sallyport.policy.suggestion;

import org.jspecify.annotations.NullMarked;
