/**
 * When a credential is replaced, how fast a fleet's are, and what becomes of the old: rules without
 * a clock, shared by the server, the simulation and whoever wants to know beforehand.
 */
@NullMarked
package io.sallyport.identity.rotation;

import org.jspecify.annotations.NullMarked;
