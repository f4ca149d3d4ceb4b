/**
 * Evidence of what a device is and runs, and its appraisal (RFC 9334): a verifier with keys and
 * reference values of its own, no state, no clock.
 */
@NullMarked
package io.sallyport.identity.attestation;

import org.jspecify.annotations.NullMarked;
