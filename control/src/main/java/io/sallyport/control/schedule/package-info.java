/** When what is done again and again is done, and that one failure is not the last of it. */
@NullMarked
package io.sallyport.control.schedule;

import org.jspecify.annotations.NullMarked;
