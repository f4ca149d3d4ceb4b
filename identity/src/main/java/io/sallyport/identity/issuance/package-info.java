/**
 * How certificates come to be: keys, requests, the authorities that sign, and their keys at rest.
 * The only place of the system where a private key of an authority is used.
 */
@NullMarked
package io.sallyport.identity.issuance;

import org.jspecify.annotations.NullMarked;
