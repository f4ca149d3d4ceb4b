/** Which keys of the server devices were told to hold on to, and until when it can show them. */
@NullMarked
package io.sallyport.control.pins;

import org.jspecify.annotations.NullMarked;
