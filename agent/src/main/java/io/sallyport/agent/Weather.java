package io.sallyport.agent;

import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What an agent takes from its process.
 *
 * @param clock the wall clock: only for what others say of time; waits are measured without it
 * @param seed spreads this device's waits
 * @param threads where its work is done; each piece may wait for a disk or a program
 */
public record Weather(InstantSource clock, long seed, Executor threads) {}
