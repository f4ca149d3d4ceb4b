package io.sallyport.cli;

import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.PlainText;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line and an exit code; nobody ever sees a stack trace. */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Terminal terminal;

  Complaints(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    var command = wrong.getCommandLine();
    complain(what(wrong) + "; " + advice(wrong, command));
    return Failure.Kind.BAD_INPUT.exitCode();
  }

  @Override
  public int handleExecutionException(
      Exception broken, CommandLine command, ParseResult arguments) {
    if (broken instanceof Failure failure) {
      complain(failure.line());
      return failure.kind().exitCode();
    }
    complain("this should not have happened: " + broken);
    return Failure.Kind.UNAVAILABLE.exitCode();
  }

  private static String what(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      var first = unmatched.getUnmatched().getFirst();
      return (unmatched.isUnknownOption() ? "unknown option '" : "unknown command or argument '")
          + first
          + "'";
    }
    var message = String.valueOf(wrong.getMessage());
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String advice(ParameterException wrong, CommandLine command) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        return "did you mean " + String.join(" or ", suggestions) + "?";
      }
    }
    return "see `" + command.getCommandSpec().qualifiedName() + " --help`";
  }

  private void complain(String line) {
    terminal.err().println(terminal.paint(Colour.BAD, "sallyport: ") + PlainText.line(line));
  }
}
