package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import java.io.IOException;
import java.util.Optional;

/**
 * What a device remembers of the commands that it took, so that it survives a loss of power. It is
 * not to be reset when the device is enrolled again: numbers belong to the signer's key.
 */
public interface WindowStore {
  /**
   * The signer's window; one that is empty for a signer whose commands never came, and {@link
   * ReplayWindow#floor} where only the highest number survived.
   *
   * @throws IOException if what was remembered cannot be read: then nothing may be obeyed
   */
  ReplayWindow window(PublicKeyHash signer) throws IOException;

  /**
   * Remembers the signer's window.
   *
   * @throws IOException unless it is durable now
   */
  void remember(PublicKeyHash signer, ReplayWindow window) throws IOException;

  /** What was answered to a command, if that is still known. */
  Optional<Receipt> answered(CommandId command);

  /** Keeps an answer for as long as there is room; the oldest goes first. */
  void keep(Receipt receipt);
}
