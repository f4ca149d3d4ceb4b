/** Changed while it runs, emptied, and ended in order: nobody is dropped that need not be. */
@NullMarked
package io.sallyport.conformance.maintenance;

import org.jspecify.annotations.NullMarked;
