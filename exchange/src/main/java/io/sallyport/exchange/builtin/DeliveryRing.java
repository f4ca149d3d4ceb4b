package io.sallyport.exchange.builtin;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A double-ended queue of deliveries from which one in the middle can be taken out. */
final class DeliveryRing {
  private static final int CAPACITY_FIRST = 8;

  /** The capacity above which an empty ring gives its memory back. */
  private static final int CAPACITY_KEPT = 64;

  private static final @Nullable Delivery[] NOTHING = {};

  private @Nullable Delivery[] items = NOTHING;
  private int head;
  private int size;

  int size() {
    return size;
  }

  Delivery get(int index) {
    Delivery delivery = items[slot(index)];
    if (delivery == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return delivery;
  }

  void addLast(Delivery delivery) {
    grow();
    items[slot(size)] = delivery;
    size++;
  }

  void addFirst(Delivery delivery) {
    grow();
    head = (head - 1) & (items.length - 1);
    items[head] = delivery;
    size++;
  }

  Delivery removeFirst() {
    Delivery first = get(0);
    items[head] = null;
    head = slot(1);
    size--;
    if (size == 0 && items.length > CAPACITY_KEPT) {
      items = NOTHING;
      head = 0;
    }
    return first;
  }

  /** Takes one out, keeping the order of the others; cheap near the head. */
  Delivery remove(int index) {
    Delivery removed = get(index);
    for (int i = index; i > 0; i--) {
      items[slot(i)] = items[slot(i - 1)];
    }
    items[head] = removed;
    return removeFirst();
  }

  private int slot(int index) {
    return (head + index) & (items.length - 1);
  }

  private void grow() {
    if (size < items.length) {
      return;
    }
    int capacity = Math.max(CAPACITY_FIRST, items.length * 2);
    @Nullable Delivery[] larger = Arrays.copyOfRange(items, head, head + capacity);
    if (head > 0) {
      int tail = items.length - head;
      System.arraycopy(items, 0, larger, tail, head);
    }
    items = larger;
    head = 0;
  }
}
