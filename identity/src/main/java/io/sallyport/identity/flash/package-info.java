/** Images of flash partitions, as chips read them. */
@NullMarked
package io.sallyport.identity.flash;

import org.jspecify.annotations.NullMarked;
