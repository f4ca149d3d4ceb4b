/** What happened: security events, and the hash chain that makes a change to the past visible. */
@NullMarked
package io.sallyport.ledger;

import org.jspecify.annotations.NullMarked;
