/**
 * What a device does to replace its credential, as a machine without clock, luck or I/O: states
 * that the caller stores, events in, effects out. At no instant does a power cut leave it without a
 * key that the server accepts.
 */
@NullMarked
package io.sallyport.identity.rotation.device;

import org.jspecify.annotations.NullMarked;
