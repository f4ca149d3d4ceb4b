/** The device's keys and certificates, by their number, and how one follows another. */
@NullMarked
package io.sallyport.agent.credentials;

import org.jspecify.annotations.NullMarked;
