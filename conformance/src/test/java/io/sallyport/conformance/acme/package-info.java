/** The server's certificate as third parties see it: its status, and one of an ACME server. */
@NullMarked
package io.sallyport.conformance.acme;

import org.jspecify.annotations.NullMarked;
