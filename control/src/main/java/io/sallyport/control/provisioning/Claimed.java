package io.sallyport.control.provisioning;

import io.sallyport.control.enrolment.claim.ClaimRecord;

/**
 * Who asks: a claim whose key is proven, and where from.
 *
 * @param source the address it comes from
 * @param clientId what it calls itself
 */
record Claimed(ClaimRecord claim, String source, String clientId) {}
