/** How somebody becomes known: from a checked request to a recorded, signed certificate. */
@NullMarked
package io.sallyport.control.enrolment;

import org.jspecify.annotations.NullMarked;
