/** What a device was flashed with, as the device reads it. */
@NullMarked
package io.sallyport.agent.bundle;

import org.jspecify.annotations.NullMarked;
