/* Signed commands on a constrained device (docs/commands.md), in C99.

   A message is looked at in this order, and the first reason to refuse it is the answer: length,
   tag, deterministic CBOR and the parts of a command, headers, algorithm, signer, what the signer
   may command by this channel, signature, device, time or challenge, sequence number, arguments.
   Then the window is made durable, and only then the command is executed. What the signer may
   command is looked at before the signature is, and receipted only after.

   SHA-256 and ECDSA are the library's: mbedTLS (2.28 and 3), or PSA Crypto with
   SALLYPORT_USE_PSA. */

#include "sallyport_command.h"

#include <string.h>

#ifdef SALLYPORT_USE_PSA
#include "psa/crypto.h"
#else
#include "mbedtls/ecdsa.h"
#include "mbedtls/ecp.h"
#include "mbedtls/sha256.h"
#include "mbedtls/version.h"
#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif
#endif

#if SALLYPORT_COMMAND_MAX > 65535
#error "SALLYPORT_COMMAND_MAX is at most 65535"
#endif

/* Bound: values within each other, the innermost counted. */
#define LEVELS_MAX 8

#define HASH SALLYPORT_COMMAND_HASH_BYTES
#define SIGNATURE SALLYPORT_COMMAND_SIGNATURE_BYTES

/* Major types of CBOR (RFC 8949, section 3.1). */
enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

typedef struct sallyport_command_text text;

/* ---- reading CBOR; 0 is a refusal */

struct cursor {
  const uint8_t *at;
  const uint8_t *end;
  /* Of the item that was read last. */
  unsigned type;
  uint64_t argument;
  text string;
};

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
static int is_utf8(const uint8_t *at, size_t length) {
  while (length-- > 0) {
    uint32_t point = *at++;
    if (point >= 0x80) {
      unsigned more = 1u + (point >= 0xe0) + (point >= 0xf0);
      if (point < 0xc2 || more > length) {
        return 0;
      }
      length -= more;
      point &= 0x3fu >> more;
      for (unsigned i = 0; i < more; i++) {
        if (*at >> 6 != 2) {
          return 0;
        }
        point = point << 6 | (*at++ & 0x3f);
      }
      if (point >> (5 * more + 1) == 0 || point >> 11 == 0x1b || point > 0x10ffff) {
        return 0;
      }
    }
  }
  return 1;
}

/* Reads a string, a number, false, true or null, or the head of an array or a map; in its shortest
   form, of a definite length, and a number of 64 bits with a sign. */
static int next(struct cursor *in) {
  if (in->at == in->end) {
    return 0;
  }
  in->type = *in->at >> 5;
  in->argument = *in->at++ & 0x1f;
  if (in->argument >= 24) {
    unsigned shortest = (unsigned)in->argument - 24;
    size_t more = (size_t)1 << shortest;
    if (shortest > 3 || more > (size_t)(in->end - in->at)) {
      return 0;
    }
    in->argument = 0;
    for (size_t i = more; i > 0; i--) {
      in->argument = in->argument << 8 | *in->at++;
    }
    if (in->argument < 24 || in->argument >> (more * 4) == 0) {
      return 0;
    }
  }
  if (in->type == BYTES || in->type == TEXT) {
    if (in->argument > (size_t)(in->end - in->at)) {
      return 0;
    }
    in->string.at = in->at;
    in->string.length = (size_t)in->argument;
    in->at += in->string.length;
    return in->type == BYTES || is_utf8(in->string.at, in->string.length);
  }
  if (in->type == SIMPLE) {
    return in->argument >= 20 && in->argument <= 22;
  }
  return in->type != TAG && in->argument <= INT64_MAX;
}

static int expect(struct cursor *in, unsigned type) { return next(in) && in->type == type; }

static int expect_number(struct cursor *in, unsigned type, unsigned argument) {
  return expect(in, type) && in->argument == argument;
}

/* Goes past one item with all that is in it, of the deterministic encoding (RFC 8949, section
   4.2.1): keys ascend by their bytes, so that none is there twice. */
static int skip(struct cursor *in, unsigned levels) {
  if (levels == 0 || !next(in)) {
    return 0;
  }
  unsigned type = in->type;
  if (type == ARRAY || type == MAP) {
    const uint8_t *before = NULL;
    for (uint64_t count = in->argument; count > 0; count--) {
      const uint8_t *item = in->at;
      if (!skip(in, levels - 1)) {
        return 0;
      }
      if (type == MAP) {
        /* No encoding begins with another one: they differ before the shorter of both ends. What is
           read of the one before ends within this one. */
        if ((before != NULL && memcmp(before, item, (size_t)(in->at - item)) >= 0) ||
            !skip(in, levels - 1)) {
          return 0;
        }
        before = item;
      }
    }
  }
  return 1;
}

/* Reads an item of that type with all that is in it: a string's content, another's encoding. */
static int read(struct cursor *in, unsigned type, text *item) {
  const uint8_t *at = in->at;
  if (!skip(in, LEVELS_MAX) || *at >> 5 != type) {
    return 0;
  }
  if (type != BYTES && type != TEXT) {
    in->string.at = at;
    in->string.length = (size_t)(in->at - at);
  }
  *item = in->string;
  return 1;
}

/* Looks at one item and nothing else, and goes back to where it begins. */
static int begin(struct cursor *in, const uint8_t *at, size_t length) {
  in->at = at;
  in->end = at + length;
  int strict = skip(in, LEVELS_MAX) && in->at == in->end;
  in->at = at;
  return strict;
}

/* ---- writing CBOR, into memory or a hash */

#ifdef SALLYPORT_USE_PSA
typedef psa_hash_operation_t digest;
#else
typedef mbedtls_sha256_context digest;
#endif

/* Counts on where there is no room. */
struct writer {
  digest *hash; /* to be written to, in place of `at`, if not NULL */
  uint8_t *at;
  size_t left;
  size_t length;
  int error;
};

#ifdef SALLYPORT_USE_PSA

static void begin_hash(struct writer *to) {
  *to->hash = psa_hash_operation_init();
  to->error = psa_hash_setup(to->hash, PSA_ALG_SHA_256);
}

static void put_hash(struct writer *to, const void *bytes, size_t length) {
  to->error |= psa_hash_update(to->hash, bytes, length);
}

static int end_hash(struct writer *to, uint8_t hash[HASH]) {
  size_t length;
  to->error |= psa_hash_finish(to->hash, hash, HASH, &length);
  to->error |= psa_hash_abort(to->hash);
  return to->error == PSA_SUCCESS;
}

#else

static void begin_hash(struct writer *to) {
  mbedtls_sha256_init(to->hash);
  to->error = mbedtls_sha256_starts(to->hash, 0);
}

static void put_hash(struct writer *to, const void *bytes, size_t length) {
  to->error |= mbedtls_sha256_update(to->hash, bytes, length);
}

static int end_hash(struct writer *to, uint8_t hash[HASH]) {
  to->error |= mbedtls_sha256_finish(to->hash, hash);
  mbedtls_sha256_free(to->hash);
  return to->error == 0;
}

#endif

static void put(struct writer *to, const void *bytes, size_t length) {
  if (to->hash != NULL) {
    put_hash(to, bytes, length);
  } else if (length <= to->left) {
    memcpy(to->at, bytes, length);
    to->at += length;
    to->left -= length;
  } else {
    to->left = 0;
  }
  to->length += length;
}

/* A head in its shortest form. */
static void put_head(struct writer *to, unsigned type, uint64_t argument) {
  uint8_t head[9];
  size_t bytes = 0;
  unsigned info = (unsigned)argument;
  if (argument >= 24) {
    bytes = 1;
    for (info = 24; bytes < 8 && argument >> (bytes * 8) != 0; info++) {
      bytes *= 2;
    }
    for (size_t i = bytes; i > 0; i--) {
      head[i] = (uint8_t)argument;
      argument >>= 8;
    }
  }
  head[0] = (uint8_t)(type << 5 | info);
  put(to, head, bytes + 1);
}

static void put_string(struct writer *to, unsigned type, const void *bytes, size_t length) {
  put_head(to, type, length);
  put(to, bytes, length);
}

static void put_text(struct writer *to, const char *characters) {
  put_string(to, TEXT, characters, strlen(characters));
}

/* ---- what is signed */

/* external_aad, as this device knows it: [context, device, tenant] */
static void put_additional(struct writer *to, const struct sallyport_command_device *device,
                           const char *context) {
  put_head(to, ARRAY, 3);
  put_text(to, context);
  put_text(to, device->id);
  put_text(to, device->tenant);
}

/* SHA-256 of the Sig_structure (RFC 9052, section 4.4). */
static int hash_signed(const struct sallyport_command_device *device, const char *context,
                       const text *header, const text *payload, uint8_t hash[HASH]) {
  digest operation;
  struct writer to = {NULL, hash, 0, 0, 0};
  put_additional(&to, device, context);
  size_t length = to.length;
  to.hash = &operation;
  begin_hash(&to);
  put(&to, "\x84\x6aSignature1", 12);
  put_string(&to, BYTES, header->at, header->length);
  put_head(&to, BYTES, length);
  put_additional(&to, device, context);
  put_string(&to, BYTES, payload->at, payload->length);
  return end_hash(&to, hash);
}

/* The order of P-256 (SP 800-186, section 3.2.1.3): r and s are below it, and above zero. */
static const uint8_t ORDER[SIGNATURE / 2] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

static int is_in_range(const uint8_t *number) {
  uint8_t any = 0;
  for (size_t i = 0; i < sizeof ORDER; i++) {
    any |= number[i];
  }
  return any != 0 && memcmp(number, ORDER, sizeof ORDER) < 0;
}

/* Asked here too, because libraries have forgotten it (CVE-2022-21449). */
static int is_signature(const text *signature) {
  return signature->length == SIGNATURE && is_in_range(signature->at) &&
         is_in_range(signature->at + SIGNATURE / 2);
}

#ifdef SALLYPORT_USE_PSA

static int is_signed(const uint8_t *point, const uint8_t hash[HASH], const uint8_t *signature) {
  psa_key_attributes_t attributes = psa_key_attributes_init();
  psa_key_id_t key;
  psa_status_t status;
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
  if (psa_import_key(&attributes, point, SALLYPORT_COMMAND_POINT_BYTES, &key) != PSA_SUCCESS) {
    return 0;
  }
  status = psa_verify_hash(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, HASH, signature, SIGNATURE);
  return psa_destroy_key(key) == PSA_SUCCESS && status == PSA_SUCCESS;
}

#else

static int is_signed(const uint8_t *point, const uint8_t hash[HASH], const uint8_t *signature) {
  mbedtls_ecp_group curve;
  mbedtls_ecp_point key;
  mbedtls_mpi halves[2];
  mbedtls_ecp_group_init(&curve);
  mbedtls_ecp_point_init(&key);
  int error = mbedtls_ecp_group_load(&curve, MBEDTLS_ECP_DP_SECP256R1) |
              mbedtls_ecp_point_read_binary(&curve, &key, point, SALLYPORT_COMMAND_POINT_BYTES);
  for (int i = 0; i < 2; i++) {
    mbedtls_mpi_init(&halves[i]);
    error |= mbedtls_mpi_read_binary(&halves[i], signature + i * SIGNATURE / 2, SIGNATURE / 2);
  }
  int good = error == 0 && mbedtls_ecp_check_pubkey(&curve, &key) == 0 &&
             mbedtls_ecdsa_verify(&curve, hash, HASH, &key, &halves[0], &halves[1]) == 0;
  mbedtls_mpi_free(&halves[1]);
  mbedtls_mpi_free(&halves[0]);
  mbedtls_ecp_point_free(&key);
  mbedtls_ecp_group_free(&curve);
  return good;
}

#endif

/* ---- numbers that were seen */

enum sallyport_command_verdict sallyport_command_window_check(
    const struct sallyport_command_window *window, uint64_t sequence, unsigned width) {
  uint64_t below = window->top - sequence;
  if (sequence > SALLYPORT_COMMAND_SEQUENCE_MAX) {
    return SALLYPORT_COMMAND_SEQUENCE_RANGE;
  }
  if (sequence > window->top) {
    return SALLYPORT_COMMAND_EXECUTED;
  }
  if (below >= width || below >= SALLYPORT_COMMAND_WINDOW) {
    return SALLYPORT_COMMAND_SEQUENCE_OLD;
  }
  return (window->map >> below & 1) != 0 ? SALLYPORT_COMMAND_REPLAYED : SALLYPORT_COMMAND_EXECUTED;
}

void sallyport_command_window_mark(struct sallyport_command_window *window, uint64_t sequence) {
  if (sequence > window->top) {
    uint64_t above = sequence - window->top;
    /* A shift by 64 or more has no meaning in C. */
    window->map = above < SALLYPORT_COMMAND_WINDOW ? window->map << above : 0;
    window->top = sequence;
  }
  window->map |= UINT64_C(1) << (window->top - sequence);
}

void sallyport_command_window_raise(struct sallyport_command_window *window, uint64_t top) {
  window->top = top;
  window->map = UINT64_MAX;
}

/* ---- a command */

/* The parts of a message (RFC 9052, section 4.2). */
enum { HEADER, UNPROTECTED, PAYLOAD, SIGNED, PARTS };

static const uint8_t PART_TYPES[PARTS] = {BYTES, MAP, BYTES, BYTES};

/* What was read and is not yet believed. */
struct envelope {
  text parts[PARTS];
  text key_id;
  int is_es256;
};

static int equal(const text *one, const char *other) {
  return one->length == strlen(other) && memcmp(one->at, other, one->length) == 0;
}

/* [header, {}, payload, signature], after the tag, and of the header {1: algorithm, 4: key id,
   16: type}. */
static enum sallyport_command_verdict read_envelope(const uint8_t *message, size_t length,
                                                    struct envelope *envelope) {
  struct cursor in;
  const text *header = &envelope->parts[HEADER];
  if (!begin(&in, message, length) || !expect_number(&in, ARRAY, PARTS)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  for (unsigned i = 0; i < PARTS; i++) {
    if (!read(&in, PART_TYPES[i], &envelope->parts[i])) {
      return SALLYPORT_COMMAND_MALFORMED;
    }
  }
  if (header->length == 0) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  if (!begin(&in, header->at, header->length) || !expect(&in, MAP)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  unsigned count = (unsigned)in.argument;
  if (envelope->parts[UNPROTECTED].length != 1) {
    return SALLYPORT_COMMAND_HEADER;
  }
  if (!expect_number(&in, UNSIGNED, 1) || !next(&in) || in.type > NEGATIVE) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  envelope->is_es256 = in.type == NEGATIVE && in.argument == 6;
  return count == 3 && expect_number(&in, UNSIGNED, 4) && read(&in, BYTES, &envelope->key_id) &&
                 envelope->key_id.length - 1 < SALLYPORT_COMMAND_KEY_ID_BYTES &&
                 expect_number(&in, UNSIGNED, 16) && expect(&in, TEXT) &&
                 equal(&in.string, "zt-cmd+cbor")
             ? SALLYPORT_COMMAND_EXECUTED
             : SALLYPORT_COMMAND_HEADER;
}

/* Whether it is 1 to `max` letters, digits and marks. */
static int is_name(const text *name, size_t max, const char *marks) {
  for (size_t i = 0; i < name->length; i++) {
    unsigned letter = name->at[i] | 0x20u;
    if ((letter < 'a' || letter > 'z') && (name->at[i] < '0' || name->at[i] > '9') &&
        memchr(marks, name->at[i], 3) == NULL) {
      return 0;
    }
  }
  return name->length - 1 < max;
}

/* The claims of a command; each is its own label, from 1 in this order, and only the last may be
   missing. */
static const struct {
  uint8_t type;
  uint8_t at;
} CLAIMS[] = {{BYTES, offsetof(struct sallyport_command, id)},
              {TEXT, offsetof(struct sallyport_command, device)},
              {UNSIGNED, offsetof(struct sallyport_command, sequence)},
              {UNSIGNED, offsetof(struct sallyport_command, issued)},
              {UNSIGNED, offsetof(struct sallyport_command, expires)},
              {TEXT, offsetof(struct sallyport_command, name)},
              {MAP, offsetof(struct sallyport_command, arguments)},
              {UNSIGNED, offsetof(struct sallyport_command, policy_epoch)},
              {BYTES, offsetof(struct sallyport_command, challenge)}};
#define CLAIMS_MAX (sizeof CLAIMS / sizeof CLAIMS[0])

static int read_claims(const text *payload, struct sallyport_command *command) {
  struct cursor in;
  if (!begin(&in, payload->at, payload->length) || !expect(&in, MAP) ||
      in.argument - (CLAIMS_MAX - 1) > 1) {
    return 0;
  }
  command->challenge.length = 0;
  unsigned count = (unsigned)in.argument;
  for (unsigned i = 0; i < count; i++) {
    text item;
    uint8_t *claim = (uint8_t *)command + CLAIMS[i].at;
    if (!expect_number(&in, UNSIGNED, i + 1) || !read(&in, CLAIMS[i].type, &item)) {
      return 0;
    }
    if (CLAIMS[i].type == UNSIGNED) {
      memcpy(claim, &in.argument, sizeof in.argument);
    } else {
      memcpy(claim, &item, sizeof item);
    }
  }
  if (command->id.length != SALLYPORT_COMMAND_ID_BYTES ||
      (count == CLAIMS_MAX && command->challenge.length != SALLYPORT_COMMAND_CHALLENGE_BYTES) ||
      !is_name(&command->device, 128, ":_-") || !is_name(&command->name, 64, "._-") ||
      memchr("._-", command->name.at[0], 3) != NULL || command->issued >= command->expires ||
      command->expires > SALLYPORT_COMMAND_SECONDS_MAX) {
    return 0;
  }
  begin(&in, command->arguments.at, command->arguments.length);
  next(&in);
  if (in.argument > SALLYPORT_COMMAND_ARGUMENTS_MAX) {
    return 0;
  }
  while (in.at != in.end) {
    if (!expect(&in, TEXT) || in.string.length - 1 >= SALLYPORT_COMMAND_ARGUMENT_NAME_MAX) {
      return 0;
    }
    skip(&in, LEVELS_MAX);
  }
  return 1;
}

static const struct sallyport_command_signer *find_signer(
    const struct sallyport_command_device *device, const text *key_id) {
  for (size_t i = 0; i < device->signer_count; i++) {
    if (key_id->length == SALLYPORT_COMMAND_KEY_ID_BYTES &&
        memcmp(device->signers[i].key_id, key_id->at, SALLYPORT_COMMAND_KEY_ID_BYTES) == 0) {
      return &device->signers[i];
    }
  }
  return NULL;
}

static const struct sallyport_command_permission *find_permission(
    const struct sallyport_command_signer *signer, const struct sallyport_command *command,
    enum sallyport_command_channel channel) {
  for (size_t i = 0; i < signer->permission_count; i++) {
    const struct sallyport_command_permission *permission = &signer->permissions[i];
    if ((permission->channels & channel) != 0 && equal(&command->name, permission->name)) {
      return permission;
    }
  }
  return NULL;
}

/* Whether it begins with the word unlock, open or disarm, in whatever case. */
static int is_unlocking(const text *name) {
  const char *word = "unlock\0open\0disarm\0";
  while (*word != 0) {
    size_t same = 0;
    size_t length = strlen(word);
    while (same < length && same < name->length && (name->at[same] | 0x20) == word[same]) {
      same++;
    }
    if (same == length &&
        (same == name->length || memchr("._-", name->at[same], 3) != NULL)) {
      return 1;
    }
    word += length + 1;
  }
  return 0;
}

static enum sallyport_command_verdict check_time(const struct sallyport_command_device *device,
                                                 uint64_t now,
                                                 const struct sallyport_command *command) {
  if (now == SALLYPORT_COMMAND_NO_CLOCK) {
    return device->challenged && command->challenge.length != 0 &&
                   memcmp(command->challenge.at, device->challenge, sizeof device->challenge) == 0
               ? SALLYPORT_COMMAND_EXECUTED
               : SALLYPORT_COMMAND_CHALLENGE;
  }
  if (command->challenge.length != 0) {
    return SALLYPORT_COMMAND_CHALLENGE;
  }
  if (now >= command->expires) {
    return SALLYPORT_COMMAND_EXPIRED;
  }
  /* Without a sum that could overflow. */
  return now > command->issued || command->issued - now < device->skew
             ? SALLYPORT_COMMAND_EXECUTED
             : SALLYPORT_COMMAND_NOT_YET_VALID;
}

/* Everything after the signature. */
static enum sallyport_command_verdict check(const struct sallyport_command_device *device,
                                            uint64_t now, const struct sallyport_command *command,
                                            const struct sallyport_command_permission *permission) {
  const struct sallyport_command_window *window = command->signer->window;
  enum sallyport_command_verdict verdict = check_time(device, now, command);
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  verdict = sallyport_command_window_check(window, command->sequence, SALLYPORT_COMMAND_WINDOW);
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  if (command->sequence < window->top && (permission->strict || is_unlocking(&command->name))) {
    return SALLYPORT_COMMAND_OUT_OF_ORDER;
  }
  return permission->fits == NULL || permission->fits(command) ? SALLYPORT_COMMAND_EXECUTED
                                                               : SALLYPORT_COMMAND_ARGUMENTS;
}

enum sallyport_command_verdict sallyport_command_receive(struct sallyport_command_device *device,
                                                         enum sallyport_command_channel channel,
                                                         uint64_t now, const uint8_t *message,
                                                         size_t length,
                                                         struct sallyport_command *command) {
  struct envelope envelope;
  const struct sallyport_command_permission *permission;
  struct sallyport_command_window window;
  uint8_t hash[HASH];
  command->signer = NULL;
  if (length > SALLYPORT_COMMAND_MAX) {
    return SALLYPORT_COMMAND_TOO_LONG;
  }
  if (length == 0 || message[0] != (TAG << 5 | 18)) {
    return SALLYPORT_COMMAND_NOT_TAGGED;
  }
  enum sallyport_command_verdict verdict = read_envelope(message + 1, length - 1, &envelope);
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  if (!read_claims(&envelope.parts[PAYLOAD], command)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  if (!envelope.is_es256) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  const struct sallyport_command_signer *signer = find_signer(device, &envelope.key_id);
  if (signer == NULL) {
    return SALLYPORT_COMMAND_UNKNOWN_KEY;
  }
  permission = find_permission(signer, command, channel);
  if (permission == NULL) {
    verdict = SALLYPORT_COMMAND_NOT_ALLOWED;
  }
  if (channel != SALLYPORT_COMMAND_LOCALLY && equal(&command->name, "flash-firmware")) {
    verdict = SALLYPORT_COMMAND_FORBIDDEN;
  }
  if (!is_signature(&envelope.parts[SIGNED]) ||
      !hash_signed(device, "zt-cmd-v1", &envelope.parts[HEADER], &envelope.parts[PAYLOAD], hash) ||
      !is_signed(signer->point, hash, envelope.parts[SIGNED].at)) {
    return verdict != SALLYPORT_COMMAND_EXECUTED ? verdict : SALLYPORT_COMMAND_BAD_SIGNATURE;
  }
  if (!equal(&command->device, device->id)) {
    return SALLYPORT_COMMAND_OTHER_DEVICE;
  }
  /* From here on it is worth an answer. */
  command->signer = signer;
  if (verdict == SALLYPORT_COMMAND_EXECUTED) {
    verdict = check(device, now, command, permission);
  }
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  window = *signer->window;
  sallyport_command_window_mark(&window, command->sequence);
  if (device->persist(device->context, signer, &window) != 0) {
    return SALLYPORT_COMMAND_NOT_REMEMBERED;
  }
  *signer->window = window;
  device->challenged = 0;
  return permission->execute(device->context, command) == 0 ? SALLYPORT_COMMAND_EXECUTED
                                                            : SALLYPORT_COMMAND_FAILED;
}

int sallyport_command_argument(const struct sallyport_command *command, const char *name,
                               struct sallyport_command_value *value) {
  struct cursor in;
  if (!begin(&in, command->arguments.at, command->arguments.length)) {
    return 0;
  }
  next(&in);
  while (expect(&in, TEXT)) {
    int found = equal(&in.string, name);
    const uint8_t *item = in.at;
    skip(&in, LEVELS_MAX);
    if (found) {
      value->text.at = item;
      value->text.length = (size_t)(in.at - item);
      in.at = item;
      next(&in);
      value->kind = in.type == NEGATIVE ? UNSIGNED : in.type;
      value->number = (int64_t)(in.type == NEGATIVE ? ~in.argument : in.argument);
      if (in.type == BYTES || in.type == TEXT) {
        value->text = in.string;
      }
      return 1;
    }
  }
  return 0;
}

/* ---- a receipt */

/* Of the refusals that are told, from SALLYPORT_COMMAND_FORBIDDEN on. */
static const char REFUSALS[] =
    "forbidden\0not-allowed\0challenge\0expired\0not-yet-valid\0sequence-old\0out-of-order\0"
    "arguments\0not-remembered";

/* Results of a receipt. */
enum { EXECUTED, FAILED, REFUSED, UNKNOWN };

static void put_label(struct writer *to, unsigned label) { put_head(to, UNSIGNED, label); }

/* {1: command, 2: device, 3: sequence, 4: result, 5: refusal, 6: state, 7: detail, 8: time} */
static void put_claims(struct writer *to, const struct sallyport_command_device *device,
                       const struct sallyport_command_receipt *receipt) {
  enum sallyport_command_verdict verdict = receipt->verdict;
  unsigned result = verdict == SALLYPORT_COMMAND_EXECUTED   ? EXECUTED
                    : verdict == SALLYPORT_COMMAND_FAILED   ? FAILED
                    : verdict == SALLYPORT_COMMAND_REPLAYED ? UNKNOWN
                                                            : REFUSED;
  put_head(to, MAP,
           4u + (result == REFUSED) + (receipt->state_hash != NULL) + (receipt->detail != NULL) +
               (receipt->at != SALLYPORT_COMMAND_NO_CLOCK));
  put_label(to, 1);
  put_string(to, BYTES, receipt->command->id.at, SALLYPORT_COMMAND_ID_BYTES);
  put_label(to, 2);
  put_text(to, device->id);
  put_label(to, 3);
  put_head(to, UNSIGNED, receipt->command->sequence);
  put_label(to, 4);
  put_head(to, UNSIGNED, result);
  if (result == REFUSED) {
    const char *word = REFUSALS;
    for (unsigned i = SALLYPORT_COMMAND_FORBIDDEN; i < verdict; i++) {
      word += strlen(word) + 1;
    }
    put_label(to, 5);
    put_text(to, word);
  }
  if (receipt->state_hash != NULL) {
    put_label(to, 6);
    put_string(to, BYTES, receipt->state_hash, HASH);
  }
  if (receipt->detail != NULL) {
    put_label(to, 7);
    put_text(to, receipt->detail);
  }
  if (receipt->at != SALLYPORT_COMMAND_NO_CLOCK) {
    put_label(to, 8);
    put_head(to, UNSIGNED, receipt->at);
  }
}

size_t sallyport_command_sign_receipt(const struct sallyport_command_device *device,
                                      const struct sallyport_command_receipt *receipt, uint8_t *out,
                                      size_t size) {
  uint8_t hash[HASH];
  struct writer counting = {NULL, out, 0, 0, 0};
  struct writer to = {NULL, out, size, 0, 0};
  text header = {out + 4, 59};
  text payload;
  if (receipt->command->signer == NULL ||
      receipt->command->sequence > SALLYPORT_COMMAND_SEQUENCE_MAX ||
      (receipt->detail != NULL && strlen(receipt->detail) > SALLYPORT_COMMAND_DETAIL_MAX)) {
    return 0;
  }
  put_claims(&counting, device, receipt);
  payload.length = counting.length;
  put(&to, "\xd2\x84\x58\x3b\xa3\x01\x26\x04\x58\x20", 10);
  put(&to, device->certificate, HASH);
  put(&to, "\x10\x73zt-cmd-receipt+cbor\xa0", 22);
  put_head(&to, BYTES, payload.length);
  payload.at = to.at;
  put_claims(&to, device, receipt);
  put(&to, "\x58\x40", 2);
  if (to.length > size || to.left < SIGNATURE ||
      !hash_signed(device, "zt-cmd-receipt-v1", &header, &payload, hash) ||
      device->sign(device->context, hash, to.at) != 0) {
    return 0;
  }
  return to.length + SIGNATURE;
}
