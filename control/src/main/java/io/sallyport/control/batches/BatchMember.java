package io.sallyport.control.batches;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;

/** A device of a batch. */
public record BatchMember(PrincipalId id, Standing standing) {}
