/** Manufacturers whose certificates introduce devices, and the serial numbers that may come. */
@NullMarked
package io.sallyport.control.enrolment.manufacturer;

import org.jspecify.annotations.NullMarked;
