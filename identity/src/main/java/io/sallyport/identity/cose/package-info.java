/** CBOR read strictly, and signatures over it (RFC 8949, RFC 9052). */
@NullMarked
package io.sallyport.identity.cose;

import org.jspecify.annotations.NullMarked;
