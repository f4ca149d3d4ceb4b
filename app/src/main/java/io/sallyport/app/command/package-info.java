/** The commands that work on this machine itself: ca and up. */
@NullMarked
package io.sallyport.app.command;

import org.jspecify.annotations.NullMarked;
