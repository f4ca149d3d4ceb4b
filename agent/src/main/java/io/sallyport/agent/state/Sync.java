package io.sallyport.agent.state;

/** What a write has survived when it returns. */
public enum Sync {
  /** A power cut: the disk was told to keep it. */
  DISK,
  /** The end of the process, at any instant: for a simulated fleet, whose machine is not pulled. */
  PROCESS
}
