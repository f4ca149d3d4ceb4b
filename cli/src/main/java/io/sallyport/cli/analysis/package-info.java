/** The commands that say what policies can and cannot make possible. */
@NullMarked
package io.sallyport.cli.analysis;

import org.jspecify.annotations.NullMarked;
