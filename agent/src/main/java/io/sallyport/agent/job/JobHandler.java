package io.sallyport.agent.job;

import tools.jackson.databind.JsonNode;

/** Does one kind of job. */
@FunctionalInterface
public interface JobHandler {
  /**
   * What came of it.
   *
   * @param done whether it worked
   * @param detail a sentence, at most 128 characters of it are told
   */
  record Done(boolean done, String detail) {}

  /**
   * Does it; what it throws counts as not having worked.
   *
   * @param resumed whether it was begun before, and the device ended in the middle of it
   */
  Done execute(JsonNode document, boolean resumed);
}
