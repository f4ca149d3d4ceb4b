/** Clients that others wrote, unchanged, against the real product: one class of tests for each. */
@NullMarked
package io.sallyport.conformance.clients;

import org.jspecify.annotations.NullMarked;
