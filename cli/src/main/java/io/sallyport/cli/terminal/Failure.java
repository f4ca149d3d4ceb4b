package io.sallyport.cli.terminal;

import org.jspecify.annotations.Nullable;

/** The end of a command that did not do what it was asked, as one line and an exit code. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a command fails: the contract that scripts rely on. */
  public enum Kind {
    /** The system works and the answer is no. */
    REFUSED(1),
    /** Wrong use or bad input; nothing was changed. */
    BAD_INPUT(2),
    /** The world broke: the disk, the network, the server. */
    UNAVAILABLE(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** What the process returns to its shell. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final boolean nothingHappened;

  private Failure(Kind kind, boolean nothingHappened, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.nothingHappened = nothingHappened;
  }

  /** The answer is no. */
  public static Failure refused(String message) {
    return new Failure(Kind.REFUSED, true, message, null);
  }

  /** What the user gave cannot be used. */
  public static Failure badInput(String message) {
    return new Failure(Kind.BAD_INPUT, true, message, null);
  }

  /** Something that the command needs does not work. */
  public static Failure unavailable(String message) {
    return new Failure(Kind.UNAVAILABLE, false, message, null);
  }

  /** Something that the command needs does not work, and this is how it showed. */
  public static Failure unavailable(String message, Throwable cause) {
    return new Failure(Kind.UNAVAILABLE, false, message, cause);
  }

  /** The server was not reached, so it did nothing. */
  public static Failure unreachable(String message, Throwable cause) {
    return new Failure(Kind.UNAVAILABLE, true, message, cause);
  }

  /** This failure with a next step for the user. */
  public Failure with(String nextStep) {
    return new Failure(kind, nothingHappened, getMessage() + "; " + nextStep, this);
  }

  /** Whether it is certain that the server changed nothing. */
  public boolean nothingHappened() {
    return nothingHappened;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** The one line for the user. */
  public String line() {
    return PlainText.line(String.valueOf(getMessage()));
  }
}
