/**
 * Private keys in a PKCS #11 token: made there, used there, never seen here. Signing goes through
 * the JDK's SunPKCS11; every signature is verified in software before it leaves.
 */
@NullMarked
package io.sallyport.identity.issuance.token;

import org.jspecify.annotations.NullMarked;
