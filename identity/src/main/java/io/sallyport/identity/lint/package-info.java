/**
 * Whether a certificate, signed or about to be, keeps to RFC 5280: a table of rules, each with its
 * name and its source. What our own profiles ask besides is in {@code identity.issuance}.
 */
@NullMarked
package io.sallyport.identity.lint;

import org.jspecify.annotations.NullMarked;
