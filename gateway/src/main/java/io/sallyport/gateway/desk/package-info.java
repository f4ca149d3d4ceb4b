/** Where work that may wait leaves the event loops. */
@NullMarked
package io.sallyport.gateway.desk;

import org.jspecify.annotations.NullMarked;
