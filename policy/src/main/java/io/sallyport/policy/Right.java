package io.sallyport.policy;

/**
 * One resource of a statement for one action, as far as it can be used and seen to be.
 *
 * @param statement where it stands
 * @param resource the place of the resource in the statement, 0 for the first; 0 for a statement
 *     with NotResource, whose resources only say what it does not cover
 */
public record Right(StatementRef statement, Action action, int resource) {}
