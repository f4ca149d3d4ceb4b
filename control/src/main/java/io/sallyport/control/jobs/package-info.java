/**
 * Jobs as on AWS IoT: what devices are to do, given out at a pace, and told of until it is done.
 */
@NullMarked
package io.sallyport.control.jobs;

import org.jspecify.annotations.NullMarked;
