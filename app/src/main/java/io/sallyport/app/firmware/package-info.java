/** {@code sallyport firmware …}: what a release manager does with images, without a server. */
@NullMarked
package io.sallyport.app.firmware;

import org.jspecify.annotations.NullMarked;
