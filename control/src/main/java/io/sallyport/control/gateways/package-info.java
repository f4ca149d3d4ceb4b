/** Several gateways on one database: who they are, how each follows changes, what each confirms. */
@NullMarked
package io.sallyport.control.gateways;

import org.jspecify.annotations.NullMarked;
