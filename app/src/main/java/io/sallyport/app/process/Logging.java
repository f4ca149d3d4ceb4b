package io.sallyport.app.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.sallyport.app.configuration.OperationKeys.LogFormat;
import io.sallyport.app.configuration.OperationKeys.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * The log, on standard error: readable lines or JSON, as the configuration says. Found by Logback
 * itself, so that no XML is looked for or parsed when the process starts; until the configuration
 * is read, only errors are shown.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    apply(context, LogFormat.READABLE, LogLevel.ERROR);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  public static void configure(LogFormat format, LogLevel level) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    apply(context, format, level);
  }

  private static void apply(LoggerContext context, LogFormat format, LogLevel level) {
    var encoder = encoder(format);
    encoder.setContext(context);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level == LogLevel.ERROR ? Level.ERROR : Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.sallyport").setLevel(Level.toLevel(level.name()));
  }

  /** Text from outside can hold line breaks and escapes; neither form lets them through. */
  private static Encoder<ILoggingEvent> encoder(LogFormat format) {
    return switch (format) {
      case JSON -> new JsonEncoder();
      case READABLE -> {
        var lines = new PatternLayoutEncoder();
        lines.setPattern(
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}"
                + " %replace(%msg %kvp){'[\\p{Cntrl}]', '?'}%n%ex{short}");
        yield lines;
      }
    };
  }
}
