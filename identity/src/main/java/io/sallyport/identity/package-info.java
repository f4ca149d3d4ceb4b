/** Who somebody is: the values that every other module names principals and certificates by. */
@NullMarked
package io.sallyport.identity;

import org.jspecify.annotations.NullMarked;
