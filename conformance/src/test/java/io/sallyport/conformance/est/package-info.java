/** Enrolment over Secure Transport, as third-party clients and attackers try it. */
@NullMarked
package io.sallyport.conformance.est;

import org.jspecify.annotations.NullMarked;
