/**
 * Commands that a device obeys because somebody signed them, whoever carried them, and its signed
 * receipts (RFC 9052; {@code docs/commands.md} has every byte).
 */
@NullMarked
package io.sallyport.identity.command;

import org.jspecify.annotations.NullMarked;
