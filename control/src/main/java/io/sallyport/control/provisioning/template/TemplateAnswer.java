package io.sallyport.control.provisioning.template;

/** What became of an operator's request about templates. */
public sealed interface TemplateAnswer {
  /** The template as it is now. */
  record Shown(TemplateRecord template) implements TemplateAnswer {}

  /** It is gone. */
  record Deleted(String name) implements TemplateAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements TemplateAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT
  }
}
