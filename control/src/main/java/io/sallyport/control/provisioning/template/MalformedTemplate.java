package io.sallyport.control.provisioning.template;

/** A template that cannot be taken; the message names the place and what is wrong there. */
public final class MalformedTemplate extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedTemplate(String path, String why) {
    super((path.isEmpty() ? "the template" : path) + ": " + why);
  }
}
