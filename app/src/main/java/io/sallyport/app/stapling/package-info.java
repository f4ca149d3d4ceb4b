/** The status of our own certificates, ready to be shown with them. */
@NullMarked
package io.sallyport.app.stapling;

import org.jspecify.annotations.NullMarked;
