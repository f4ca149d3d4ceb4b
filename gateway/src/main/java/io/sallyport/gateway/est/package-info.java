/** Enrolment over Secure Transport (RFC 7030, 8951): how a device asks for its certificate. */
@NullMarked
package io.sallyport.gateway.est;

import org.jspecify.annotations.NullMarked;
