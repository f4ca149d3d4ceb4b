/** Revocation lists and status answers, as openssl reads them. */
@NullMarked
package io.sallyport.conformance.publication;

import org.jspecify.annotations.NullMarked;
