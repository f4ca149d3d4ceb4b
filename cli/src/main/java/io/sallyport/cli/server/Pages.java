package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A collection of the server, page by page, each asked for when it is wanted. A server whose pages
 * do not go on is not asked for ever.
 */
public final class Pages implements Iterator<Answer> {
  // Bound: what one page of a whole collection holds.
  private static final int PAGE = 500;

  private final ControlClient control;
  private final String path;
  private final int size;
  private @Nullable String after = "";

  /** The pages of a collection, of so many each; its path may have a query. */
  public Pages(ControlClient control, String path, int size) {
    this.control = control;
    this.path = path;
    this.size = size;
  }

  /** Everything in a collection. */
  public static List<JsonNode> all(ControlClient control, String path, String member) {
    return first(control, path, member, Integer.MAX_VALUE);
  }

  /** The first so many of a collection. */
  public static List<JsonNode> first(ControlClient control, String path, String member, int limit) {
    var found = new ArrayList<JsonNode>();
    var pages = new Pages(control, path, Math.min(PAGE, limit));
    while (found.size() < limit && pages.hasNext()) {
      pages.next().json().path(member).valueStream().forEach(found::add);
    }
    return found.size() > limit ? found.subList(0, limit) : found;
  }

  @Override
  public boolean hasNext() {
    return after != null;
  }

  @Override
  public Answer next() {
    var before = after;
    if (before == null) {
      throw new NoSuchElementException();
    }
    var from = before.isEmpty() ? "" : "&after=" + ControlClient.segment(before);
    var page = control.get(path + (path.contains("?") ? "&" : "?") + "limit=" + size + from);
    after = page.optionalText("next").orElse(null);
    // The server orders by what it names here.
    if (after != null && after.compareTo(before) <= 0) {
      throw Failure.unavailable("the server's pages do not go on after '" + before + "'");
    }
    return page;
  }
}
