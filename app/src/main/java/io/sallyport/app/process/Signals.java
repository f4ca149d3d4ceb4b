package io.sallyport.app.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process does when a signal comes. By reflection, because the JDK has no public interface
 * for it and its compiler warns of the one that everybody uses.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Does this at each signal of the name (without SIG), on a thread of its own; false where the
   * platform has no such signal or the JVM keeps it to itself.
   */
  // A handler is equal to itself alone.
  @SuppressWarnings("ReferenceEquality")
  public static boolean on(String name, Runnable action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> name;
                  });
      var one = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
      return true;
    } catch (ReflectiveOperationException e) {
      var cause = e instanceof InvocationTargetException thrown ? thrown.getCause() : e;
      LOG.atDebug().setCause(cause).addKeyValue("signal", name).log("not handled here");
      return false;
    }
  }
}
