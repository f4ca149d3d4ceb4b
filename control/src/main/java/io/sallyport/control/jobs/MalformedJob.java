package io.sallyport.control.jobs;

/** What was given is no job. */
public final class MalformedJob extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedJob(String message) {
    super(message);
  }
}
