package io.sallyport.agent.outbox;

/**
 * What became of telemetry; all but the first two since the outbox was made.
 *
 * @param waiting records that no server has acknowledged
 * @param waitingBytes their length on disk
 * @param dropped that gave way to newer ones
 * @param refused that were not taken because older ones had the room
 * @param failed that the disk did not take
 * @param damaged that were found broken when the outbox was opened
 */
public record Counts(
    long waiting, long waitingBytes, long dropped, long refused, long failed, long damaged) {}
