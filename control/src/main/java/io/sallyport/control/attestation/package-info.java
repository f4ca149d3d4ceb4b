/** Who may vouch for a device, what it may run, and what came of its evidence. */
@NullMarked
package io.sallyport.control.attestation;

import org.jspecify.annotations.NullMarked;
