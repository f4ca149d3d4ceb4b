/** Mutual TLS 1.3 with a server that is pinned. */
@NullMarked
package io.sallyport.agent.tls;

import org.jspecify.annotations.NullMarked;
