/* Drives the verifier with lines from standard input, one answer for each line that asks. Bytes are
   in hexadecimal, a dash is none. For the tests of the host alone: it allocates and prints.

     device ID TENANT SKEW              a device that believes nobody, with an empty window for all
     signer KEY-ID POINT NAME=WIDTH,..  whom it believes too
     window TOP MAP                     what the first signer's window is (MAP hexadecimal)
     raise TOP                          what a start with that persisted number makes of it
     nonce BYTES                        what the device gave out
     fail persist|execute|nothing       what is to fail from here on
     mark WIDTH NUMBER ok|bad           -> verdict top map
     receive NOW MESSAGE                -> verdict calls top map, and what was executed
     cose KEY MESSAGE ADDITIONAL        -> true or false: a signature without the profile
*/

/* With its insides: the examples of COSE are no commands. */
#include "../sallyport_command.c"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SIGNERS_MAX 4
#define PERMISSIONS_MAX 8
#define WORD_MAX 256
#define INPUT_MAX (4 * 65536)

static const char *const VERDICTS[] = {
    "executed",  "too-long",  "malformed", "envelope", "algorithm", "signer",
    "forbidden", "signature", "device",    "expired",  "too-early", "nonce",
    "range",     "old",       "replayed",  "storage",  "failed"};

static struct signer_memory {
  uint8_t key_id[WORD_MAX];
  uint8_t point[SALLYPORT_COMMAND_POINT_BYTES];
  char names[PERMISSIONS_MAX][WORD_MAX];
  struct sallyport_command_permission permissions[PERMISSIONS_MAX];
  struct sallyport_command_window window;
} memory[SIGNERS_MAX];

static struct sallyport_command_signer signers[SIGNERS_MAX];
static struct sallyport_command_device device;
static char device_id[WORD_MAX];
static char tenant[WORD_MAX];
static char failing[WORD_MAX];
static char calls[WORD_MAX];

static void stop(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(2);
}

/* They end where their block ends, so that the sanitizer sees the first byte read beyond. */
static text bytes(const char *hex) {
  size_t length = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
  uint8_t *out = malloc(length + 1);
  if (out == NULL) {
    stop("no memory");
  }
  text value = {out + 1, length};
  for (size_t i = 0; i < length; i++) {
    char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
    char *end;
    out[i + 1] = (uint8_t)strtoul(pair, &end, 16);
    if (*end != 0) {
      stop("no hexadecimal");
    }
  }
  return value;
}

static void forget(text value) { free((void *)(uintptr_t)(value.at - 1)); }

static void print_hex(text value) {
  printf(value.length == 0 ? " -" : " ");
  for (size_t i = 0; i < value.length; i++) {
    printf("%02x", value.at[i]);
  }
}

static uint64_t number(const char *decimal) {
  char *end;
  uint64_t value = strtoull(decimal, &end, 10);
  if (*end != 0) {
    stop("no number");
  }
  return value;
}

static const char *next(void) {
  const char *word = strtok(NULL, " ");
  if (word == NULL) {
    stop("a word is missing");
  }
  return word;
}

static void copy(char *to, const char *word) {
  if (strlen(word) >= WORD_MAX) {
    stop("a word is too long");
  }
  strcpy(to, word);
}

/* ---- the device */

static int persist(void *context, const struct sallyport_command_signer *signer,
                   const struct sallyport_command_window *window) {
  (void)context;
  strcat(calls, "p");
  /* What is to be kept is not yet believed by the device itself. */
  if (memcmp(signer->window, window, sizeof *window) == 0) {
    stop("the window was marked before it was kept");
  }
  return strcmp(failing, "persist") == 0;
}

static int execute(void *context, const struct sallyport_command *command) {
  (void)context;
  (void)command;
  strcat(calls, "x");
  return strcmp(failing, "execute") == 0;
}

static void make_device(void) {
  memset(&device, 0, sizeof device);
  memset(memory, 0, sizeof memory);
  copy(device_id, next());
  copy(tenant, next());
  copy(failing, "nothing");
  device.id = device_id;
  device.tenant = tenant;
  device.skew = number(next());
  device.signers = signers;
  device.persist = persist;
  device.execute = execute;
}

static void add_signer(void) {
  struct signer_memory *own = &memory[device.signer_count];
  struct sallyport_command_signer *signer = &signers[device.signer_count];
  text key_id = bytes(next());
  text point = bytes(next());
  char *permission;
  if (device.signer_count == SIGNERS_MAX || point.length != sizeof own->point ||
      key_id.length > WORD_MAX) {
    stop("no such signer");
  }
  memcpy(own->key_id, key_id.at, key_id.length);
  memcpy(own->point, point.at, point.length);
  signer->key_id = own->key_id;
  signer->key_id_length = key_id.length;
  signer->point = own->point;
  signer->permissions = own->permissions;
  signer->permission_count = 0;
  signer->window = &own->window;
  while ((permission = strtok(NULL, " ,")) != NULL) {
    char *width = strchr(permission, '=');
    if (width == NULL || signer->permission_count == PERMISSIONS_MAX) {
      stop("no such permission");
    }
    *width = 0;
    copy(own->names[signer->permission_count], permission);
    own->permissions[signer->permission_count].name = own->names[signer->permission_count];
    own->permissions[signer->permission_count].window = (uint8_t)number(width + 1);
    signer->permission_count++;
  }
  device.signer_count++;
  forget(key_id);
  forget(point);
}

static void set_nonce(void) {
  text nonce = bytes(next());
  if (nonce.length > sizeof device.nonce) {
    stop("the nonce is too long");
  }
  memcpy(device.nonce, nonce.at, nonce.length);
  device.nonce_length = nonce.length;
  forget(nonce);
}

/* ---- what is asked */

static void print_state(void) {
  printf(" %" PRIu64 " %016" PRIx64, memory[0].window.top, memory[0].window.map);
}

static void mark(void) {
  unsigned width = (unsigned)number(next());
  uint64_t sequence = number(next());
  enum sallyport_command_verdict verdict =
      sallyport_command_window_check(&memory[0].window, sequence, width);
  if (verdict == SALLYPORT_COMMAND_EXECUTED && strcmp(next(), "ok") != 0) {
    verdict = SALLYPORT_COMMAND_SIGNATURE;
  }
  if (verdict == SALLYPORT_COMMAND_EXECUTED) {
    sallyport_command_window_mark(&memory[0].window, sequence);
  }
  printf("%s", VERDICTS[verdict]);
  print_state();
}

static void receive(void) {
  struct sallyport_command command;
  uint64_t now = number(next());
  text message = bytes(next());
  enum sallyport_command_verdict verdict;
  copy(calls, "-");
  verdict = sallyport_command_receive(&device, message.at, message.length, now, &command);
  printf("%s %s", VERDICTS[verdict], calls);
  print_state();
  if (command.signer != NULL) {
    text id = {command.id, SALLYPORT_COMMAND_ID_BYTES};
    print_hex(id);
    printf(" %.*s %" PRIu64, (int)command.name.length, (const char *)command.name.at,
           command.sequence);
    print_hex(command.arguments);
  }
  forget(message);
}

static int verifies(text key, text message, text additional) {
  struct envelope envelope;
  uint8_t hash[HASH];
  return is_strict(message) && read_envelope(message, &envelope) &&
         hash_signed(envelope.header, additional, envelope.payload, hash) &&
         is_signed(key.at, hash, envelope.signature.at);
}

static void cose(void) {
  text key = bytes(next());
  text message = bytes(next());
  text additional = bytes(next());
  printf("%s", verifies(key, message, additional) ? "true" : "false");
  forget(key);
  forget(message);
  forget(additional);
}

static int answers(const char *word) {
  if (strcmp(word, "mark") == 0) {
    mark();
  } else if (strcmp(word, "receive") == 0) {
    receive();
  } else if (strcmp(word, "cose") == 0) {
    cose();
  } else {
    return 0;
  }
  return 1;
}

static void prepare(const char *word) {
  if (strcmp(word, "device") == 0) {
    make_device();
  } else if (strcmp(word, "signer") == 0) {
    add_signer();
  } else if (strcmp(word, "window") == 0) {
    memory[0].window.top = number(next());
    memory[0].window.map = strtoull(next(), NULL, 16);
  } else if (strcmp(word, "raise") == 0) {
    sallyport_command_window_raise(&memory[0].window, number(next()));
  } else if (strcmp(word, "nonce") == 0) {
    set_nonce();
  } else if (strcmp(word, "fail") == 0) {
    copy(failing, next());
  } else {
    stop("no such line");
  }
}

int main(void) {
  static char line[INPUT_MAX];
#ifdef SALLYPORT_USE_PSA
  if (psa_crypto_init() != PSA_SUCCESS) {
    stop("PSA Crypto does not start");
  }
#endif
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    const char *word = strtok(line, " ");
    if (word == NULL) {
      stop("an empty line");
    }
    if (answers(word)) {
      printf("\n");
    } else {
      prepare(word);
    }
  }
  return 0;
}
