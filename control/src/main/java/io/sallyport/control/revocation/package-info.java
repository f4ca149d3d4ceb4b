/** How somebody is put out: revoked for good or quarantined, everywhere, with a receipt. */
@NullMarked
package io.sallyport.control.revocation;

import org.jspecify.annotations.NullMarked;
