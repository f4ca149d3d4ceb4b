/** The way back for a device that slept until its certificate had expired. */
@NullMarked
package io.sallyport.agent.renewal;

import org.jspecify.annotations.NullMarked;
