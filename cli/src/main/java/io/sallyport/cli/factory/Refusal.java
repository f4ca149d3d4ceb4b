package io.sallyport.cli.factory;

/** A device that the server did not take. */
record Refusal(String id, String why) {}
