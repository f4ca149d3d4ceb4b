/** Tests of who is held off. */
@NullMarked
package io.sallyport.gateway.defence;

import org.jspecify.annotations.NullMarked;
