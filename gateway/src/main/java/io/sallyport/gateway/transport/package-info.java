/** The kernel's interface to sockets, and how its events are waited for. */
@NullMarked
package io.sallyport.gateway.transport;

import org.jspecify.annotations.NullMarked;
