package io.sallyport.firmware.manifest;

/** An image or its manifest is refused; the message is a sentence for people. */
public final class FirmwareRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  /** For a reason, in its words. */
  public FirmwareRefused(Refusal refusal, String message) {
    super(message);
    this.refusal = refusal;
  }

  /** The first thing that is wrong. */
  public Refusal refusal() {
    return refusal;
  }
}
