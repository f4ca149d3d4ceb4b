/** Load generators and the comparison with peers; each runs in a process of its own. */
@NullMarked
package io.sallyport.bench;

import org.jspecify.annotations.NullMarked;
