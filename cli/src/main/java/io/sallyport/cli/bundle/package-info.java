/**
 * What a device is flashed with: its identity and the keys that it knows the server by, in the form
 * that its firmware takes.
 */
@NullMarked
package io.sallyport.cli.bundle;

import org.jspecify.annotations.NullMarked;
