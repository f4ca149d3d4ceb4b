/**
 * What the world is told of revoked certificates: signed lists, and answers about one at a time.
 */
@NullMarked
package io.sallyport.control.publication;

import org.jspecify.annotations.NullMarked;
