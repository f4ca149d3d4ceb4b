/** The same history told to mosquitto and to Sallyport must be heard the same. */
@NullMarked
package io.sallyport.conformance.oracle;

import org.jspecify.annotations.NullMarked;
