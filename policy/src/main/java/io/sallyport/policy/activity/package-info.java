/**
 * What observed principals really do: counted name by name, generalised where there are too many.
 */
@NullMarked
package io.sallyport.policy.activity;

import org.jspecify.annotations.NullMarked;
