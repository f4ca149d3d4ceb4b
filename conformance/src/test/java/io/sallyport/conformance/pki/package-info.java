/** Certificates: ours before the tools of others, and others' before our lint. */
@NullMarked
package io.sallyport.conformance.pki;

import org.jspecify.annotations.NullMarked;
