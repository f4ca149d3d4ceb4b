/* Drives the verifier with lines from standard input, one answer for each line that asks. Bytes are
   in hexadecimal, a dash is none. For tests on the host: it allocates and prints.

     device ID TENANT SKEW                      a device that believes nobody yet
     signer KEY-ID POINT NAME=CHANNELS[s],..    whom it believes; s for strict
     identity SECRET CERTIFICATE                what it signs receipts with
     window TOP MAP                             the window of the first signer (MAP hexadecimal)
     raise TOP                                  what a start with that number makes of it
     challenge BYTES                            what the device made last
     fail persist|execute|arguments|sign|none   what is to fail from here on
     mark WIDTH NUMBER ok|bad                -> verdict top map
     receive CHANNEL NOW MESSAGE             -> verdict calls top map, and the command if it counts
     argument NAME                           -> kind number text, of the command before
     receipt STATE DETAIL AT SIZE            -> the receipt for it
     cose POINT MESSAGE ADDITIONAL           -> true or false: a signature, whatever it signs */

/* With its insides: the examples of COSE are no commands. */
#include "../sallyport_command.c"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mbedtls/ecdsa.h"
#include "mbedtls/md.h"

#define SIGNERS_MAX 4
#define PERMISSIONS_MAX 8
#define WORD_MAX 256
#define INPUT_MAX (4 * 65536)

static const char *const VERDICTS[] = {
    "accepted",       "too-long",     "not-tagged",   "malformed",      "header",
    "algorithm",      "unknown-key",  "bad-signature", "other-device",  "sequence-range",
    "replayed",       "forbidden",    "not-allowed",  "challenge",      "expired",
    "not-yet-valid",  "sequence-old", "out-of-order", "arguments",      "not-remembered",
    "failed"};

static struct signer_memory {
  uint8_t key_id[SALLYPORT_COMMAND_KEY_ID_BYTES];
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
static uint8_t secret[32];
static uint8_t certificate[HASH];
static struct sallyport_command received;
static enum sallyport_command_verdict verdict_of_received;
static text message_of_received;

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

static const char *next_word(void) {
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
  if (memcmp(signer->window, window, sizeof *window) == 0) {
    stop("the window was marked before it was kept");
  }
  return strcmp(failing, "persist") == 0;
}

static int fits(const struct sallyport_command *command) {
  (void)command;
  return strcmp(failing, "arguments") != 0;
}

static int execute(void *context, const struct sallyport_command *command) {
  (void)context;
  (void)command;
  strcat(calls, "x");
  return strcmp(failing, "execute") == 0;
}

/* Blinds, and decides nothing: the signature is deterministic. */
static int chance(void *context, unsigned char *out, size_t length) {
  (void)context;
  memset(out, 1, length);
  return 0;
}

static int sign(void *context, const uint8_t hash[HASH], uint8_t signature[SIGNATURE]) {
  mbedtls_ecp_group curve;
  mbedtls_mpi key;
  mbedtls_mpi r;
  mbedtls_mpi s;
  (void)context;
  mbedtls_ecp_group_init(&curve);
  mbedtls_mpi_init(&key);
  mbedtls_mpi_init(&r);
  mbedtls_mpi_init(&s);
  int failed = strcmp(failing, "sign") == 0 ||
               mbedtls_ecp_group_load(&curve, MBEDTLS_ECP_DP_SECP256R1) != 0 ||
               mbedtls_mpi_read_binary(&key, secret, sizeof secret) != 0 ||
               mbedtls_ecdsa_sign_det_ext(&curve, &r, &s, &key, hash, HASH, MBEDTLS_MD_SHA256,
                                          chance, NULL) != 0 ||
               mbedtls_mpi_write_binary(&r, signature, SIGNATURE / 2) != 0 ||
               mbedtls_mpi_write_binary(&s, signature + SIGNATURE / 2, SIGNATURE / 2) != 0;
  mbedtls_mpi_free(&s);
  mbedtls_mpi_free(&r);
  mbedtls_mpi_free(&key);
  mbedtls_ecp_group_free(&curve);
  return failed;
}

static void make_device(void) {
  memset(&device, 0, sizeof device);
  memset(memory, 0, sizeof memory);
  copy(device_id, next_word());
  copy(tenant, next_word());
  copy(failing, "none");
  device.id = device_id;
  device.tenant = tenant;
  device.skew = number(next_word());
  device.signers = signers;
  device.persist = persist;
  device.certificate = certificate;
  device.sign = sign;
}

static void read_into(uint8_t *to, size_t length) {
  text value = bytes(next_word());
  if (value.length != length) {
    stop("another length");
  }
  memcpy(to, value.at, length);
  forget(value);
}

static void add_signer(void) {
  struct signer_memory *own = &memory[device.signer_count];
  struct sallyport_command_signer *signer = &signers[device.signer_count];
  char *word;
  if (device.signer_count == SIGNERS_MAX) {
    stop("too many signers");
  }
  read_into(own->key_id, sizeof own->key_id);
  read_into(own->point, sizeof own->point);
  signer->key_id = own->key_id;
  signer->point = own->point;
  signer->permissions = own->permissions;
  signer->permission_count = 0;
  signer->window = &own->window;
  while ((word = strtok(NULL, " ,")) != NULL) {
    struct sallyport_command_permission *permission =
        &own->permissions[signer->permission_count];
    char *channels = strchr(word, '=');
    if (channels == NULL || signer->permission_count == PERMISSIONS_MAX) {
      stop("no such permission");
    }
    *channels++ = 0;
    copy(own->names[signer->permission_count], word);
    permission->name = own->names[signer->permission_count++];
    permission->channels = (uint8_t)(*channels - '0');
    permission->strict = channels[1] == 's';
    permission->fits = fits;
    permission->execute = execute;
  }
  device.signer_count++;
}

/* ---- what is asked */

static void print_state(void) {
  printf(" %" PRIu64 " %016" PRIx64, memory[0].window.top, memory[0].window.map);
}

static void mark(void) {
  unsigned width = (unsigned)number(next_word());
  uint64_t sequence = number(next_word());
  enum sallyport_command_verdict verdict =
      sallyport_command_window_check(&memory[0].window, sequence, width);
  if (verdict == SALLYPORT_COMMAND_EXECUTED && strcmp(next_word(), "ok") != 0) {
    verdict = SALLYPORT_COMMAND_BAD_SIGNATURE;
  }
  if (verdict == SALLYPORT_COMMAND_EXECUTED) {
    sallyport_command_window_mark(&memory[0].window, sequence);
  }
  printf("%s", VERDICTS[verdict]);
  print_state();
}

static void receive(void) {
  enum sallyport_command_channel channel =
      (enum sallyport_command_channel)number(next_word());
  uint64_t now = number(next_word());
  if (message_of_received.at != NULL) {
    forget(message_of_received);
  }
  message_of_received = bytes(next_word());
  copy(calls, "");
  verdict_of_received =
      sallyport_command_receive(&device, channel, now, message_of_received.at,
                                message_of_received.length, &received);
  printf("%s %s", VERDICTS[verdict_of_received], calls[0] != 0 ? calls : "-");
  print_state();
  if (received.signer != NULL) {
    print_hex(received.id);
    printf(" %.*s %" PRIu64, (int)received.name.length, (const char *)received.name.at,
           received.sequence);
    print_hex(received.arguments);
  }
}

static void argument(void) {
  struct sallyport_command_value value = {0, 0, {NULL, 0}};
  if (sallyport_command_argument(&received, next_word(), &value)) {
    printf("%u %" PRId64, value.kind, value.number);
    print_hex(value.text);
  } else {
    printf("-");
  }
}

static void receipt(void) {
  struct sallyport_command_receipt said = {&received, verdict_of_received, NULL, NULL, 0};
  text state = bytes(next_word());
  text detail = bytes(next_word());
  char characters[WORD_MAX] = {0};
  said.at = number(next_word());
  /* Exactly as many, so that the sanitizer sees what is written beyond. */
  size_t size = (size_t)number(next_word());
  uint8_t *out = malloc(size);
  if (out == NULL || detail.length >= WORD_MAX) {
    stop("no room");
  }
  memcpy(characters, detail.at, detail.length);
  said.state_hash = state.length == HASH ? state.at : NULL;
  said.detail = detail.length > 0 ? characters : NULL;
  text written = {out, sallyport_command_sign_receipt(&device, &said, out, size)};
  printf("receipt");
  print_hex(written);
  free(out);
  forget(state);
  forget(detail);
}

static int verifies(const text *key, const text *message, const text *additional) {
  struct cursor in;
  digest hashing;
  struct writer to = {&hashing, NULL, 0, 0, 0};
  uint8_t hash[HASH];
  text parts[4];
  /* Without a tag too. */
  size_t tag = message->length > 0 && message->at[0] == (TAG << 5 | 18);
  if (!begin(&in, message->at + tag, message->length - tag) || !expect_number(&in, ARRAY, 4)) {
    return 0;
  }
  for (int i = 0; i < 4; i++) {
    skip(&in, LEVELS_MAX);
    parts[i] = in.string;
  }
  /* RFC 9052, section 4.4: an empty map is signed as an empty string. */
  size_t empty = parts[0].length == 1 && parts[0].at[0] == MAP << 5;
  begin_hash(&to);
  put(&to, "\x84\x6aSignature1", 12);
  put_string(&to, BYTES, parts[0].at, empty ? 0 : parts[0].length);
  put_string(&to, BYTES, additional->at, additional->length);
  put_string(&to, BYTES, parts[2].at, parts[2].length);
  return end_hash(&to, hash) && is_signature(&parts[3]) && is_signed(key->at, hash, parts[3].at);
}

static void cose(void) {
  text key = bytes(next_word());
  text message = bytes(next_word());
  text additional = bytes(next_word());
  printf("%s", verifies(&key, &message, &additional) ? "true" : "false");
  forget(key);
  forget(message);
  forget(additional);
}

static int answers(const char *word) {
  if (strcmp(word, "mark") == 0) {
    mark();
  } else if (strcmp(word, "receive") == 0) {
    receive();
  } else if (strcmp(word, "argument") == 0) {
    argument();
  } else if (strcmp(word, "receipt") == 0) {
    receipt();
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
  } else if (strcmp(word, "identity") == 0) {
    read_into(secret, sizeof secret);
    read_into(certificate, sizeof certificate);
  } else if (strcmp(word, "window") == 0) {
    memory[0].window.top = number(next_word());
    memory[0].window.map = strtoull(next_word(), NULL, 16);
  } else if (strcmp(word, "raise") == 0) {
    sallyport_command_window_raise(&memory[0].window, number(next_word()));
  } else if (strcmp(word, "challenge") == 0) {
    read_into(device.challenge, sizeof device.challenge);
    device.challenged = 1;
  } else if (strcmp(word, "fail") == 0) {
    copy(failing, next_word());
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
  if (message_of_received.at != NULL) {
    forget(message_of_received);
  }
  return 0;
}
