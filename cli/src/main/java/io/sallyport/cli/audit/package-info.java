/** Commands that look at the whole fleet for what no single request shows. */
@NullMarked
package io.sallyport.cli.audit;

import org.jspecify.annotations.NullMarked;
