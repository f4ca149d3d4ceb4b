/** What makes a chain of certificates one that a server can show. */
@NullMarked
package io.sallyport.app.certificate;

import org.jspecify.annotations.NullMarked;
