/** Who is held off: sources that fail or come too fast, and devices that publish too fast. */
@NullMarked
package io.sallyport.gateway.defence;

import org.jspecify.annotations.NullMarked;
