package io.sallyport.bench.load;

/** How one kind of attack is made; one thread uses it. */
interface Assault {
  /** Begins one attempt, or leaves it when it has too much under way. */
  void attempt();
}
