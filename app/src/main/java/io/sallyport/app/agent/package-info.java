/** The device's side of the command line: one agent, or a fleet of them. */
@NullMarked
package io.sallyport.app.agent;

import org.jspecify.annotations.NullMarked;
