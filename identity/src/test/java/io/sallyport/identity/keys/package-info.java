@NullMarked
package io.sallyport.identity.keys;

import org.jspecify.annotations.NullMarked;
