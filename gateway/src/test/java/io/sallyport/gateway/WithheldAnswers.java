package io.sallyport.gateway;

import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exchange with a store that takes its time: no publication is answered until it is told. */
final class WithheldAnswers {
  private static final Set<String> ANSWERS = Set.of("puback", "pubrec");

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean released;

  /** That exchange, each of its outlets behind one that holds answers back. */
  Exchange of(Exchange exchange) {
    return proxy(
        Exchange.class,
        (method, arguments) ->
            method.getName().equals("open")
                ? exchange.open((Opening) arguments[0], outlet((Outlet) arguments[1]))
                : method.invoke(exchange, arguments));
  }

  /** Gives every answer, and from now on at once. */
  synchronized void release() {
    released = true;
    waiting.forEach(Runnable::run);
    waiting.clear();
  }

  private Outlet outlet(Outlet outlet) {
    return proxy(
        Outlet.class,
        (method, arguments) ->
            ANSWERS.contains(method.getName()) && withhold(outlet, method, arguments)
                ? null
                : method.invoke(outlet, arguments));
  }

  private synchronized boolean withhold(Outlet outlet, Method method, Object[] arguments) {
    if (!released) {
      waiting.add(() -> outlet.executor().execute(() -> invoke(method, outlet, arguments)));
    }
    return !released;
  }

  private static void invoke(Method method, Object target, Object[] arguments) {
    try {
      method.invoke(target, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Call {
    @Nullable Object make(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return call.make(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
