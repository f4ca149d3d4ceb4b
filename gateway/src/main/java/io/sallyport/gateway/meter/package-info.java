/**
 * How long things take and why they are refused, in figures that cost the hot path next to nothing:
 * plain histograms of each event loop, sampled where messages pass, added up by whoever reads.
 */
@NullMarked
package io.sallyport.gateway.meter;

import org.jspecify.annotations.NullMarked;
