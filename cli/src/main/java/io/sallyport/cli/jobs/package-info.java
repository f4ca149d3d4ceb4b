/** Jobs: what devices are to do, and how far they have come. */
@NullMarked
package io.sallyport.cli.jobs;

import org.jspecify.annotations.NullMarked;
