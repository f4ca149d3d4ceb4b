package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.Warrant;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Another's word for a device that asks for its first certificate.
 *
 * @param by whose word it is, for the ledger
 * @param served whether a key was served by it before: then its certificate may be given again
 * @param objection why a key is not taken
 * @param warrant what is spent with it
 */
public record Voucher(
    PrincipalId id,
    NewcomerTerms terms,
    String by,
    Predicate<PublicKeyHash> served,
    Function<PublicKeyHash, Optional<String>> objection,
    Warrant warrant) {}
