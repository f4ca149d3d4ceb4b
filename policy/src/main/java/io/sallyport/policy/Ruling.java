package io.sallyport.policy;

/**
 * What one resource of a statement says of one action.
 *
 * @param number its place among all of its template; 0 is nobody's, which says no
 */
record Ruling(Decision decision, int number) {
  /** No statement allows it. */
  static final Ruling NOBODY = new Ruling(new Decision.ImplicitlyDenied(), 0);
}
