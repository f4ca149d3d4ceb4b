package io.sallyport.identity.rotation.device;

/** A text that is no state of a device's rotation. */
public final class MalformedRotation extends Exception {
  private static final long serialVersionUID = 1;

  MalformedRotation(RuntimeException cause) {
    super("this is no state of a rotation: " + cause.getMessage(), cause);
  }
}
