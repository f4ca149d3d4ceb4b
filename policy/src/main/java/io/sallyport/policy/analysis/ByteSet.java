package io.sallyport.policy.analysis;

import java.util.BitSet;
import java.util.function.IntPredicate;

/** Sets of bytes, as the letters of the automata. */
final class ByteSet {
  static final int SIZE = 256;

  static final BitSet ALL = of(b -> true);
  static final BitSet NONE = of(b -> false);
  static final BitSet CONTINUATIONS = of(b -> b >= 0x80 && b < 0xC0);
  static final BitSet STARTS = of(b -> b < 0x80 || b >= 0xC0);
  static final BitSet IDS = of(ByteSet::isOfId);
  static final BitSet IN_LEVEL = of(b -> b != '/');

  private static final BitSet[] SINGLES = new BitSet[SIZE];

  static {
    for (int i = 0; i < SIZE; i++) {
      int only = i;
      SINGLES[i] = of(b -> b == only);
    }
  }

  private ByteSet() {}

  /** Whether ids of principals may hold it. */
  static boolean isOfId(int letter) {
    return letter < 0x80 && (Character.isLetterOrDigit(letter) || "_-:".indexOf(letter) >= 0);
  }

  static BitSet of(IntPredicate member) {
    var set = new BitSet(SIZE);
    for (int b = 0; b < SIZE; b++) {
      set.set(b, member.test(b));
    }
    return set;
  }

  static BitSet single(byte b) {
    return SINGLES[b & 0xFF];
  }
}
