/** Certificates for public names, from an ACME server (RFC 8555). */
@NullMarked
package io.sallyport.app.acme;

import org.jspecify.annotations.NullMarked;
