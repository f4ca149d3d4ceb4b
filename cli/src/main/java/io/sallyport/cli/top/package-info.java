/** {@code top}: what the server does, second by second. */
@NullMarked
package io.sallyport.cli.top;

import org.jspecify.annotations.NullMarked;
