/** Total revocation, looked at from outside: what the receipt says is gone is gone. */
@NullMarked
package io.sallyport.conformance.revocation;

import org.jspecify.annotations.NullMarked;
