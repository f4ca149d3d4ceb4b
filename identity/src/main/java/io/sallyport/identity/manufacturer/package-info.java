/**
 * The certificates that devices have from their factory (IEEE 802.1AR): whose, and of which one.
 */
@NullMarked
package io.sallyport.identity.manufacturer;

import org.jspecify.annotations.NullMarked;
