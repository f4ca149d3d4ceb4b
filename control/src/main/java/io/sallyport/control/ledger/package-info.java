/** The hash chain of security events in the store: appended to, read and verified. */
@NullMarked
package io.sallyport.control.ledger;

import org.jspecify.annotations.NullMarked;
