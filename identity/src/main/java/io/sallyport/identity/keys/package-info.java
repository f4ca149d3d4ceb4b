/**
 * Which public keys were made badly: by flawed generators, with factors or scalars that can be
 * found, or with a factor that another key has too. Only public values are ever looked at.
 */
@NullMarked
package io.sallyport.identity.keys;

import org.jspecify.annotations.NullMarked;
