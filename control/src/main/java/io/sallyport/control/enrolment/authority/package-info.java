/** Who lets a device enrol itself: a one-time token that it shows, or an operator who approves. */
@NullMarked
package io.sallyport.control.enrolment.authority;

import org.jspecify.annotations.NullMarked;
