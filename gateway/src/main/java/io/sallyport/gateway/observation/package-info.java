/** Who watches the lives of connections from outside; the gate does not know how. */
@NullMarked
package io.sallyport.gateway.observation;

import org.jspecify.annotations.NullMarked;
