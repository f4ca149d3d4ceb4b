package io.sallyport.control.rest;

import io.sallyport.control.rest.Route.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/** One page of a collection, and after what the next one begins. */
final class Paging {
  private static final int PAGE_MAX = 1_000;
  private static final long PAGE_DEFAULT = 100;

  private Paging() {}

  /** A collection in the order of its names. */
  @FunctionalInterface
  interface Pages<T> {
    /** The next so many after a name. */
    List<T> after(String after, int limit);
  }

  /**
   * Answers with the page that is asked for.
   *
   * @param member what the collection is called
   * @param name by which it is ordered
   * @param view what is shown of each
   */
  static <T> Answer of(
      Call call, String member, Pages<T> pages, Function<T, String> name, Function<T, ?> view) {
    var limit = call.number("limit", 1, PAGE_MAX);
    int count = Math.toIntExact(limit == null ? PAGE_DEFAULT : limit);
    // One more than asked for tells whether there is a next page.
    var page = pages.after(call.query("after", ""), count + 1);
    var shown = page.subList(0, Math.min(count, page.size()));
    var body = new LinkedHashMap<String, Object>();
    body.put(member, shown.stream().map(view).toList());
    body.put("next", page.size() > count ? name.apply(shown.getLast()) : null);
    return Answer.ok(body);
  }
}
