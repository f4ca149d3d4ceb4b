/** Requests that are published to reserved topics, and answered by the server itself. */
@NullMarked
package io.sallyport.gateway.topic;

import org.jspecify.annotations.NullMarked;
