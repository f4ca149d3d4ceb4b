/**
 * The first door: who may finish a TLS handshake or resume one. Verified in full at first sight,
 * asked again at every handshake and every resumption.
 */
@NullMarked
package io.sallyport.gateway.tls;

import org.jspecify.annotations.NullMarked;
