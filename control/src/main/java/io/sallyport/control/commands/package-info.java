/** Signed commands to devices: made, sent until they are answered, and their receipts. */
@NullMarked
package io.sallyport.control.commands;

import org.jspecify.annotations.NullMarked;
