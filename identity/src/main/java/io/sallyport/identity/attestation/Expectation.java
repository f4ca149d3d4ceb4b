package io.sallyport.identity.attestation;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;

/**
 * For whom and when evidence must be.
 *
 * @param device who presents it
 * @param deviceKey the key that the device is known by, which the nonce is made of
 * @param nonce see {@link Nonce#of}
 * @param now the time by which certificates in it are judged
 */
public record Expectation(PrincipalId device, PublicKeyHash deviceKey, Nonce nonce, Instant now) {}
