package io.sallyport.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rights of a template were used since somebody last asked; shared by all its sessions.
 *
 * <p>A right that is used all day is written once between two looks and only read otherwise, so
 * that the threads do not fight for it. Two may write the same at once; nothing is lost by that.
 */
final class Marks {
  /** Of sessions whose use nobody wants to know. */
  static final Marks NONE = new Marks(List.of());

  private final List<Right> rights;
  private final boolean[] used;

  /**
   * Nothing is used yet.
   *
   * @param rights by the numbers of their rulings, less one
   */
  Marks(List<Right> rights) {
    this.rights = rights;
    this.used = new boolean[rights.size() + 1];
  }

  void mark(Ruling ruling) {
    int number = ruling.number();
    if (number < used.length && !used[number]) {
      used[number] = true;
    }
  }

  /** What was used since the last call. */
  List<Right> taken() {
    var taken = new ArrayList<Right>();
    for (int number = 1; number < used.length; number++) {
      if (used[number]) {
        used[number] = false;
        taken.add(rights.get(number - 1));
      }
    }
    used[0] = false;
    return taken;
  }
}
