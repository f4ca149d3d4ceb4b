/** Jobs that the device is given, one after the other. */
@NullMarked
package io.sallyport.agent.job;

import org.jspecify.annotations.NullMarked;
