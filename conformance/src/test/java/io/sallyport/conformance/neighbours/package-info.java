/** Several gateways on one database, as whole processes: what one does, the others know. */
@NullMarked
package io.sallyport.conformance.neighbours;

import org.jspecify.annotations.NullMarked;
