/** Who may operate Sallyport, and in which role. */
@NullMarked
package io.sallyport.control.operators;

import org.jspecify.annotations.NullMarked;
