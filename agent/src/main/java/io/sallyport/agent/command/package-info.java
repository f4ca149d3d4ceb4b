/** Signed commands, obeyed once. */
@NullMarked
package io.sallyport.agent.command;

import org.jspecify.annotations.NullMarked;
