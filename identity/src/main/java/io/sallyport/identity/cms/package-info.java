/**
 * Cryptographic Message Syntax (RFC 5652): what an operator signs, and what only one station opens.
 */
@NullMarked
package io.sallyport.identity.cms;

import org.jspecify.annotations.NullMarked;
