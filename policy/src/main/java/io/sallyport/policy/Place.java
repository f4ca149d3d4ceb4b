package io.sallyport.policy;

/** Where something stands in a document; both count from 1. */
record Place(int line, int column) {
  MalformedPolicy refuse(MalformedPolicy.Reason reason, String message) {
    return new MalformedPolicy(reason, line, column, message);
  }
}
