package io.sallyport.policy.mosquitto;

/**
 * A trap in the files of a Mosquitto broker.
 *
 * @param severity how bad it is
 * @param file in which file it is
 * @param line where, or 0 if it is in no single line
 * @param code its name, for programs
 * @param message what is so
 * @param advice what to do about it
 */
public record Finding(
    Severity severity, Source file, int line, String code, String message, String advice) {
  /** How bad a trap is. */
  public enum Severity {
    /** Somebody can do what nobody meant him to, or nobody what was meant. */
    ERROR,
    /** It works, but not as it reads. */
    WARNING,
    /** Something is different here. */
    INFO
  }

  /** Which file a finding is about. */
  public enum Source {
    /** The ACL file. */
    ACL,
    /** The configuration. */
    CONF
  }
}
