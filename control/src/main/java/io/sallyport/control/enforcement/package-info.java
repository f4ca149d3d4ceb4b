/** What control asks of the enforcement point; the process's wiring answers. */
@NullMarked
package io.sallyport.control.enforcement;

import org.jspecify.annotations.NullMarked;
