/**
 * Rotation of devices' certificates, make-before-break: who is due is asked for a new key, gets its
 * certificate beside the old one, proves it by a connection, and only then loses the old one.
 */
@NullMarked
package io.sallyport.control.rotation;

import org.jspecify.annotations.NullMarked;
