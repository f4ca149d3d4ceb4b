package io.sallyport.policy;

/** Learns what a session was allowed, while it happens; must be quick and never fail. */
@FunctionalInterface
public interface Observer {
  /** This action on this name goes on; the array is the caller's and is not kept. */
  void allowed(Action action, byte[] utf8Name, RequestContext request);
}
