package io.sallyport.policy;

/**
 * What deciding costs in this process: gauges of a moment, and a counter since the start.
 *
 * @param templates gauge: compiled forms of policy sets that are in use
 * @param machineStates gauge: states that their automata have learnt
 * @param machineFallbacks counter: decisions made rule by rule, because an automaton would have
 *     grown beyond its bound or two values overlapped in the name
 */
public record EngineStatistics(long templates, long machineStates, long machineFallbacks) {
  /** As they are now; looks at every template. */
  public static EngineStatistics now() {
    long templates = 0;
    long states = 0;
    for (var inUse : Templates.inUse()) {
      templates += inUse.variants();
      states += inUse.machineStates();
    }
    return new EngineStatistics(templates, states, NameMachine.fallbacks());
  }
}
