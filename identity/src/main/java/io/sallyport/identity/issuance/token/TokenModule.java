package io.sallyport.identity.issuance.token;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The few calls of a PKCS #11 library (version 2.40, on systems where a long has 64 bits) that
 * SunPKCS11 does not offer: finding a token by its label, and beginning anew after it was gone. The
 * JDK initialises a library once in a process, after which a token that came back stays lost.
 */
@SuppressWarnings("restricted") // A PKCS #11 library is native code, and chosen by the operator.
final class TokenModule {
  private static final long OK = 0;
  private static final long ALREADY_INITIALIZED = 0x191;
  private static final long NOT_INITIALIZED = 0x190;

  // Places in CK_FUNCTION_LIST, after its version.
  private static final int INITIALIZE = 0;
  private static final int FINALIZE = 1;
  private static final int GET_SLOT_LIST = 4;
  private static final int GET_TOKEN_INFO = 6;
  private static final int FUNCTIONS = 68;

  // CK_C_INITIALIZE_ARGS: four callbacks, flags, a reserved pointer.
  private static final long INITIALIZE_BYTES = 48;
  private static final long INITIALIZE_FLAGS = 32;
  private static final long OS_LOCKING_OK = 2;

  private static final long TOKEN_INFO_BYTES = 208;
  private static final int LABEL_BYTES = 32;
  private static final long FLAGS = 96;

  // Bound: a library that says it has more is not one.
  private static final int SLOTS_MAX = 1024;

  private final Path library;
  private final MemorySegment functions;

  /** One token that is there. */
  record Slot(long id, long flags) {
    private static final long PIN_FINAL_TRY = 0x20000;
    private static final long PIN_LOCKED = 0x40000;
    private static final long PIN_INITIALIZED = 0x8;

    /** What speaks against giving it a PIN. */
    Optional<TokenTrouble> objection() {
      if ((flags & PIN_LOCKED) != 0) {
        return Optional.of(TokenTrouble.LOCKED);
      }
      if ((flags & PIN_FINAL_TRY) != 0) {
        return Optional.of(TokenTrouble.PIN_FINAL_TRY);
      }
      return (flags & PIN_INITIALIZED) == 0
          ? Optional.of(TokenTrouble.PIN_REFUSED)
          : Optional.empty();
    }
  }

  private TokenModule(Path library, MemorySegment functions) {
    this.library = library;
    this.functions = functions;
  }

  /** Loads the library; it stays loaded as long as the process lives. */
  static TokenModule load(Path library) throws TokenFailure {
    try {
      var entry =
          SymbolLookup.libraryLookup(library, Arena.global())
              .find("C_GetFunctionList")
              .orElseThrow(() -> new IllegalArgumentException("it is no PKCS #11 library"));
      var get =
          Linker.nativeLinker().downcallHandle(entry, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      try (var arena = Arena.ofConfined()) {
        var place = arena.allocate(ADDRESS);
        require("C_GetFunctionList", call(get, place));
        var list = place.get(ADDRESS, 0).reinterpret((FUNCTIONS + 1) * ADDRESS.byteSize());
        return new TokenModule(library, list);
      }
    } catch (IllegalArgumentException e) {
      throw new TokenFailure(
          TokenTrouble.BROKEN,
          "the library " + library + " cannot be loaded: " + e.getMessage(),
          e);
    }
  }

  Path library() {
    return library;
  }

  /**
   * Initialises the library, after ending whatever it was doing; every handle of before is dead.
   */
  void begin() throws TokenFailure {
    long ended = call(function(FINALIZE, ADDRESS), MemorySegment.NULL);
    if (ended != OK && ended != NOT_INITIALIZED) {
      require("C_Finalize", ended);
    }
    try (var arena = Arena.ofConfined()) {
      var arguments = arena.allocate(INITIALIZE_BYTES, ADDRESS.byteAlignment());
      arguments.set(JAVA_LONG, INITIALIZE_FLAGS, OS_LOCKING_OK);
      long begun = call(function(INITIALIZE, ADDRESS), arguments);
      if (begun != ALREADY_INITIALIZED) {
        require("C_Initialize", begun);
      }
    }
  }

  /** The slot with the token of that label. */
  Slot find(String label) throws TokenFailure {
    try (var arena = Arena.ofConfined()) {
      for (long id : slots(arena)) {
        var info = arena.allocate(TOKEN_INFO_BYTES, ADDRESS.byteAlignment());
        long answer = call(function(GET_TOKEN_INFO, JAVA_LONG, ADDRESS), id, info);
        if (answer == OK && label(info).equals(label)) {
          return new Slot(id, info.get(JAVA_LONG, FLAGS));
        }
      }
    }
    throw new TokenFailure(TokenTrouble.ABSENT, "no slot has a token '" + label + "'");
  }

  private List<Long> slots(Arena arena) throws TokenFailure {
    var list = function(GET_SLOT_LIST, JAVA_BYTE, ADDRESS, ADDRESS);
    var count = arena.allocate(JAVA_LONG);
    count.set(JAVA_LONG, 0, SLOTS_MAX);
    var ids = arena.allocate(JAVA_LONG, SLOTS_MAX);
    require("C_GetSlotList", call(list, (byte) 1, ids, count));
    var found = new long[Math.toIntExact(Math.min(count.get(JAVA_LONG, 0), SLOTS_MAX))];
    Arrays.setAll(found, i -> ids.getAtIndex(JAVA_LONG, i));
    return Arrays.stream(found).boxed().toList();
  }

  /** Padded with blanks (PKCS #11, 3.2). */
  private static String label(MemorySegment info) {
    var bytes = info.asSlice(0, LABEL_BYTES).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
  }

  private MethodHandle function(int place, MemoryLayout... parameters) {
    var address = functions.get(ADDRESS, (place + 1) * ADDRESS.byteSize());
    return Linker.nativeLinker()
        .downcallHandle(address, FunctionDescriptor.of(JAVA_LONG, parameters));
  }

  private static long call(MethodHandle function, Object... arguments) throws TokenFailure {
    try {
      return (long) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new TokenFailure(TokenTrouble.BROKEN, "the library could not be called", e);
    }
  }

  private static void require(String function, long answer) throws TokenFailure {
    if (answer != OK) {
      throw new TokenFailure(
          TokenTrouble.BROKEN, function + " answered 0x" + Long.toHexString(answer));
    }
  }
}
