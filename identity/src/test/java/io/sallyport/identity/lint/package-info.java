@NullMarked
package io.sallyport.identity.lint;

import org.jspecify.annotations.NullMarked;
