/** Claims: certificates of production lines, each good for so many devices within a time. */
@NullMarked
package io.sallyport.control.enrolment.claim;

import org.jspecify.annotations.NullMarked;
