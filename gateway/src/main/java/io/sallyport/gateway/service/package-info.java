/** The server's own client of the exchange: no socket, but policies as for everybody. */
@NullMarked
package io.sallyport.gateway.service;

import org.jspecify.annotations.NullMarked;
