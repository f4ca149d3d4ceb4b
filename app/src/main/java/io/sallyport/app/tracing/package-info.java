/**
 * Traces of the lives of connections, for whoever configures a collector; nothing of it is loaded
 * else.
 */
@NullMarked
package io.sallyport.app.tracing;

import org.jspecify.annotations.NullMarked;
