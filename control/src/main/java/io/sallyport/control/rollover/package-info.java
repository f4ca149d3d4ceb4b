/**
 * One CA after another: what is trusted, what signs, who trusts it by now, and when the old one
 * ends.
 */
@NullMarked
package io.sallyport.control.rollover;

import org.jspecify.annotations.NullMarked;
