/** Device shadows: what a device is to be and what it says it is, as AWS IoT keeps them. */
@NullMarked
package io.sallyport.control.shadow;

import org.jspecify.annotations.NullMarked;
