/** Devices that come with a certificate which introduces them: a manufacturer's, or a claim. */
@NullMarked
package io.sallyport.control.enrolment.introduction;

import org.jspecify.annotations.NullMarked;
