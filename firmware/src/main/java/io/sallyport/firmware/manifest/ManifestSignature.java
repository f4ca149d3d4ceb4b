package io.sallyport.firmware.manifest;

import io.sallyport.identity.PublicKeyHash;

/**
 * One signature of a manifest, not yet believed.
 *
 * @param key the hash of the public key that is said to have made it
 * @param algorithm the COSE number of its algorithm (RFC 9053, section 2; RFC 9964)
 * @param header the protected header, as it is signed
 * @param signature the signature; of ECDSA r and s, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its key alone.
record ManifestSignature(PublicKeyHash key, long algorithm, byte[] header, byte[] signature) {}
