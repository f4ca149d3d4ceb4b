/** The way to a server: operator files, its address, mutual TLS, and what its answers mean. */
@NullMarked
package io.sallyport.cli.server;

import org.jspecify.annotations.NullMarked;
