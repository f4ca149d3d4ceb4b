/** Device services, driven by the clients that devices already have. */
@NullMarked
package io.sallyport.conformance.services;

import org.jspecify.annotations.NullMarked;
