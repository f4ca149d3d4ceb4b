package io.sallyport.policy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Which rights of all policies were used by any session, between two looks at it. */
public final class UsageLog {
  // Bound: the templates in use, and those whose last use nobody has looked at yet.
  private final Map<Template, Marks> byTemplate = new WeakHashMap<>();
  private final List<Kept> kept = new ArrayList<>();

  /** Marks outlive their template until they were looked at. */
  private record Kept(WeakReference<Template> template, Marks marks) {}

  synchronized Marks marksOf(Template template) {
    return byTemplate.computeIfAbsent(
        template,
        made -> {
          var marks = new Marks(made.rights());
          kept.add(new Kept(new WeakReference<>(made), marks));
          return marks;
        });
  }

  /** The rights that were used since the last call. */
  public synchronized Set<Right> drain() {
    var used = new HashSet<Right>();
    for (var iterator = kept.iterator(); iterator.hasNext(); ) {
      var one = iterator.next();
      boolean gone = one.template().refersTo(null);
      used.addAll(one.marks().taken());
      if (gone) {
        iterator.remove();
      }
    }
    return used;
  }

  synchronized int size() {
    return kept.size();
  }
}
