package io.sallyport.bench;

import io.sallyport.bench.server.Fleet;
import java.util.List;

/** What grows while the rest stays the same. */
enum Growth {
  /**
   * Publishers share a steady total, so that the messages are the same and only more connections
   * bring them: what a message costs that has a wake-up, a TLS record and an acknowledgement of its
   * own, among ever more of them.
   */
  CONNECTIONS("publishing connections") {
    @Override
    List<Integer> sizes() {
      return List.of(1, 10, 100, 1_000, 10_000);
    }

    @Override
    Shape shape(int size) {
      return new Shape(size, 1, 1, SMALL, RATE, WINDOW, false);
    }

    @Override
    Fleet.Size fleet(int largest) {
      return new Fleet.Size(Math.max(largest, WARMING), 1);
    }
  },

  /** One device, saturating, to ever more backends. */
  SUBSCRIBERS("subscribers") {
    @Override
    List<Integer> sizes() {
      return List.of(1, 10, 100, 1_000);
    }

    @Override
    Shape shape(int size) {
      return new Shape(1, size, 0, SMALL, 0, WINDOW, false);
    }

    @Override
    Fleet.Size fleet(int largest) {
      return new Fleet.Size(WARMING, largest);
    }
  },

  /** The saturating fleet of {@code publish}, with ever larger messages. */
  PAYLOAD("payload") {
    @Override
    List<Integer> sizes() {
      return List.of(16, 256, 1_024, 4_096, 16_384, 65_536);
    }

    @Override
    Shape shape(int size) {
      return new Shape(WARMING, 1, 0, size, 0, WINDOW, false);
    }

    @Override
    Fleet.Size fleet(int largest) {
      return new Fleet.Size(WARMING, 1);
    }

    @Override
    String mark(int size) {
      return Shape.bytes(size);
    }
  };

  private static final int SMALL = 64;
  private static final int RATE = 10_000;
  private static final int WINDOW = 16;
  private static final int WARMING = 50;

  private final String label;

  Growth(String label) {
    this.label = label;
  }

  /** What is measured, the smallest first. */
  abstract List<Integer> sizes();

  /** The load at one size. */
  abstract Shape shape(int size);

  /** Who has to be known for sizes up to the largest. */
  abstract Fleet.Size fleet(int largest);

  /** How the axis of a chart calls a size. */
  String mark(int size) {
    return Integer.toString(size);
  }

  String label() {
    return label;
  }

  /** The sizes up to a limit. */
  List<Integer> sizes(int limit) {
    return sizes().stream().filter(size -> size <= limit).toList();
  }

  /** A load that has a server compile what it is about to run. */
  static Shape warming() {
    return new Shape(WARMING, 1, 1, SMALL, 0, WINDOW, false);
  }
}
