/** The device's shadow: what is wanted of it, and what it says of itself. */
@NullMarked
package io.sallyport.agent.shadow;

import org.jspecify.annotations.NullMarked;
