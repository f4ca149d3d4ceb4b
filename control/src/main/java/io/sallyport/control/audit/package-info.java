/** What the registry itself shows of the fleet's certificates and keys. */
@NullMarked
package io.sallyport.control.audit;

import org.jspecify.annotations.NullMarked;
