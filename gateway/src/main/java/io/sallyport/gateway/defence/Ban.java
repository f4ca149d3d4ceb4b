package io.sallyport.gateway.defence;

import java.time.Instant;

/**
 * A source that is not let in.
 *
 * @param source its address, or the first bits of it
 * @param times how often it was banned, this time too
 * @param reason its last failure
 */
public record Ban(AddressBlock source, Instant since, Instant until, int times, String reason) {}
