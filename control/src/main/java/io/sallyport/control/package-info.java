/**
 * The policy administrator: registry, certificates, policies, ledger, and the REST API of the
 * operators.
 */
@NullMarked
package io.sallyport.control;

import org.jspecify.annotations.NullMarked;
