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

/* Bound: arrays and maps within each other. */
#define LEVELS_MAX 8

#define HASH SALLYPORT_COMMAND_HASH_BYTES
#define SIGNATURE SALLYPORT_COMMAND_SIGNATURE_BYTES

/* Major types of CBOR (RFC 8949, section 3.1). */
enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

typedef struct sallyport_command_text text;

/* ---- reading: what is left shrinks from its front; 0 is a refusal */

static int take(text *in, uint64_t length, text *taken) {
  if (length > in->length) {
    return 0;
  }
  taken->at = in->at;
  taken->length = (size_t)length;
  in->at += length;
  in->length -= (size_t)length;
  return 1;
}

/* The type and argument of an item, in the shortest form and of definite length. */
static int read_head(text *in, unsigned *type, uint64_t *argument) {
  text bytes;
  if (!take(in, 1, &bytes)) {
    return 0;
  }
  *type = bytes.at[0] >> 5;
  *argument = bytes.at[0] & 0x1f;
  if (*argument < 24) {
    return 1;
  }
  if (*argument > 27 || !take(in, UINT64_C(1) << (*argument - 24), &bytes)) {
    return 0;
  }
  *argument = 0;
  for (size_t i = 0; i < bytes.length; i++) {
    *argument = *argument << 8 | bytes.at[i];
  }
  return *argument >= 24 && *argument >> (bytes.length * 4) != 0;
}

/* The argument of an item of that type. */
static int read_typed(text *in, unsigned type, uint64_t *argument) {
  unsigned found;
  return read_head(in, &found, argument) && found == type;
}

static int read_string(text *in, unsigned type, text *string) {
  uint64_t length;
  return read_typed(in, type, &length) && take(in, length, string);
}

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
static int is_utf8(text string) {
  while (string.length > 0) {
    text follow;
    uint32_t point = *string.at;
    size_t more = point < 0x80 ? 0 : point < 0xe0 ? 1 : point < 0xf0 ? 2 : 3;
    if ((point >= 0x80 && point < 0xc2) || point > 0xf4) {
      return 0;
    }
    string.at++;
    string.length--;
    if (!take(&string, more, &follow)) {
      return 0;
    }
    point &= 0x7fu >> more;
    for (size_t i = 0; i < more; i++) {
      if ((follow.at[i] & 0xc0) != 0x80) {
        return 0;
      }
      point = point << 6 | (follow.at[i] & 0x3f);
    }
    if ((more == 2 && (point < 0x800 || point >> 11 == 0x1b)) ||
        (more == 3 && (point < 0x10000 || point > 0x10ffff))) {
      return 0;
    }
  }
  return 1;
}

/* Whether a key that was read follows the one before it. No encoding begins with another one, so
   the bytes that both have decide. */
static int ascends(text before, text key) {
  size_t both = before.length < key.length ? before.length : key.length;
  return both == 0 || memcmp(before.at, key.at, both) < 0;
}

/* Goes past one item of the deterministic encoding (RFC 8949, section 4.2.1) of whole numbers of 64
   bits with a sign, strings, arrays, maps, false, true and null. */
static int skip(text *in, unsigned levels) {
  unsigned type;
  uint64_t argument;
  text string;
  if (levels == 0 || !read_head(in, &type, &argument) || argument > INT64_MAX) {
    return 0;
  }
  switch (type) {
    case UNSIGNED:
    case NEGATIVE:
      return 1;
    case BYTES:
      return take(in, argument, &string);
    case TEXT:
      return take(in, argument, &string) && is_utf8(string);
    case ARRAY:
    case MAP:
      break;
    case SIMPLE:
      return argument >= 20 && argument <= 22; /* false, true, null */
    default:
      return 0;
  }
  for (text before = {in->at, 0}; argument > 0; argument--) {
    text key = *in;
    if (!skip(in, levels - 1)) {
      return 0;
    }
    key.length -= in->length;
    if (type == MAP && (!ascends(before, key) || !skip(in, levels - 1))) {
      return 0;
    }
    before = key;
  }
  return 1;
}

/* Whether it is one item and nothing else. */
static int is_strict(text whole) { return skip(&whole, LEVELS_MAX) && whole.length == 0; }

/* ---- writing */

#define HEAD_MAX 9

/* A head in its shortest form. */
static text write_head(uint8_t out[HEAD_MAX], unsigned type, uint64_t argument) {
  text head = {out, 1};
  unsigned info = (unsigned)argument;
  if (argument >= 24) {
    size_t bytes = 1;
    for (info = 24; bytes < 8 && argument >> (bytes * 8) != 0; info++) {
      bytes *= 2;
    }
    for (size_t i = bytes; i > 0; i--) {
      out[i] = (uint8_t)argument;
      argument >>= 8;
    }
    head.length += bytes;
  }
  out[0] = (uint8_t)(type << 5 | info);
  return head;
}

/* ---- the library */

/* The order of P-256 (FIPS 186-5, appendix SP 800-186): r and s are below it, and above zero. */
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
static int is_signature(text signature) {
  return signature.length == SIGNATURE && is_in_range(signature.at) &&
         is_in_range(signature.at + SIGNATURE / 2);
}

#ifdef SALLYPORT_USE_PSA

static int hash_all(const text *pieces, size_t count, uint8_t hash[HASH]) {
  psa_hash_operation_t operation = psa_hash_operation_init();
  size_t length;
  psa_status_t status = psa_hash_setup(&operation, PSA_ALG_SHA_256);
  for (size_t i = 0; i < count && status == PSA_SUCCESS; i++) {
    status = psa_hash_update(&operation, pieces[i].at, pieces[i].length);
  }
  if (status == PSA_SUCCESS) {
    status = psa_hash_finish(&operation, hash, HASH, &length);
  }
  (void)psa_hash_abort(&operation);
  return status == PSA_SUCCESS;
}

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

static int hash_all(const text *pieces, size_t count, uint8_t hash[HASH]) {
  mbedtls_sha256_context context;
  mbedtls_sha256_init(&context);
  int error = mbedtls_sha256_starts(&context, 0);
  for (size_t i = 0; i < count && error == 0; i++) {
    error = mbedtls_sha256_update(&context, pieces[i].at, pieces[i].length);
  }
  if (error == 0) {
    error = mbedtls_sha256_finish(&context, hash);
  }
  mbedtls_sha256_free(&context);
  return error == 0;
}

static int is_signed(const uint8_t *point, const uint8_t hash[HASH], const uint8_t *signature) {
  mbedtls_ecp_group curve;
  mbedtls_ecp_point key;
  mbedtls_mpi r;
  mbedtls_mpi s;
  mbedtls_ecp_group_init(&curve);
  mbedtls_ecp_point_init(&key);
  mbedtls_mpi_init(&r);
  mbedtls_mpi_init(&s);
  int good = mbedtls_ecp_group_load(&curve, MBEDTLS_ECP_DP_SECP256R1) == 0 &&
             mbedtls_ecp_point_read_binary(&curve, &key, point, SALLYPORT_COMMAND_POINT_BYTES) == 0 &&
             mbedtls_ecp_check_pubkey(&curve, &key) == 0 &&
             mbedtls_mpi_read_binary(&r, signature, SIGNATURE / 2) == 0 &&
             mbedtls_mpi_read_binary(&s, signature + SIGNATURE / 2, SIGNATURE / 2) == 0 &&
             mbedtls_ecdsa_verify(&curve, hash, HASH, &key, &r, &s) == 0;
  mbedtls_mpi_free(&s);
  mbedtls_mpi_free(&r);
  mbedtls_ecp_point_free(&key);
  mbedtls_ecp_group_free(&curve);
  return good;
}

#endif

/* ---- the message */

/* A text from a literal, without its NUL. */
#define LITERAL(characters) {(const uint8_t *)(characters), sizeof(characters) - 1}

static const text COMMAND_TYPE = LITERAL("zt-cmd+cbor");
/* With the head of the array that it begins. */
static const text COMMAND_CONTEXT = LITERAL("\x83\x69zt-cmd-v1");
static const text RECEIPT_CONTEXT = LITERAL("\x83\x71zt-cmd-receipt-v1");

/* Claims of a command; each is its own label, and they are there in this order. */
enum { ID = 1, DEVICE, SEQUENCE, ISSUED, EXPIRES, NAME, ARGUMENTS, EPOCH, CHALLENGE, CLAIMS };

static const uint8_t CLAIM_TYPES[CLAIMS] = {0,        BYTES, TEXT, UNSIGNED, UNSIGNED,
                                            UNSIGNED, TEXT,  MAP,  UNSIGNED, BYTES};

/* What was read and is not yet believed. */
struct envelope {
  text header;
  text unprotected;
  text payload;
  text signature;
  text key_id;
  text device;
  text challenge;
};

static int equal(text one, text other) {
  return one.length == other.length && memcmp(one.at, other.at, one.length) == 0;
}

static text characters(const char *string) {
  text whole = {(const uint8_t *)string, strlen(string)};
  return whole;
}

static int read_exactly(text *in, unsigned type, uint64_t argument) {
  uint64_t found;
  return read_typed(in, type, &found) && found == argument;
}

static int read_map(text *in, text *map) {
  *map = *in;
  if (in->length == 0 || *in->at >> 5 != MAP || !skip(in, LEVELS_MAX)) {
    return 0;
  }
  map->length -= in->length;
  return 1;
}

/* [header, unprotected header, payload, signature], after tag 18 (RFC 9052, section 4.2). */
static int read_envelope(text in, struct envelope *envelope) {
  return is_strict(in) && read_exactly(&in, ARRAY, 4) &&
         read_string(&in, BYTES, &envelope->header) && read_map(&in, &envelope->unprotected) &&
         read_string(&in, BYTES, &envelope->payload) &&
         read_string(&in, BYTES, &envelope->signature);
}

/* {1: algorithm, 4: key id, 16: type} */
static enum sallyport_command_verdict read_header(struct envelope *envelope, int *is_es256) {
  text in = envelope->header;
  text type;
  unsigned kind;
  uint64_t argument;
  uint64_t count;
  if (in.length == 0) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  if (!is_strict(in) || !read_typed(&in, MAP, &count)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  if (envelope->unprotected.length != 1) {
    return SALLYPORT_COMMAND_HEADER;
  }
  if (!read_exactly(&in, UNSIGNED, 1) || !read_head(&in, &kind, &argument) || kind > NEGATIVE) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  *is_es256 = kind == NEGATIVE && argument == 6;
  return count == 3 && read_exactly(&in, UNSIGNED, 4) &&
                 read_string(&in, BYTES, &envelope->key_id) &&
                 envelope->key_id.length - 1 < SALLYPORT_COMMAND_KEY_ID_BYTES &&
                 read_exactly(&in, UNSIGNED, 16) && read_string(&in, TEXT, &type) &&
                 equal(type, COMMAND_TYPE)
             ? SALLYPORT_COMMAND_EXECUTED
             : SALLYPORT_COMMAND_HEADER;
}

/* Whether all keys are texts of a fit length, and not too many. */
static int are_arguments(text in) {
  text name;
  uint64_t count;
  if (!read_typed(&in, MAP, &count) || count > SALLYPORT_COMMAND_ARGUMENTS_MAX) {
    return 0;
  }
  while (in.length > 0) {
    if (!read_string(&in, TEXT, &name) ||
        name.length - 1 >= SALLYPORT_COMMAND_ARGUMENT_NAME_MAX || !skip(&in, LEVELS_MAX)) {
      return 0;
    }
  }
  return 1;
}

static int read_claims(struct envelope *envelope, struct sallyport_command *command) {
  text in = envelope->payload;
  text strings[CLAIMS];
  uint64_t numbers[CLAIMS];
  uint64_t count;
  if (!is_strict(in) || !read_typed(&in, MAP, &count) || count < EPOCH || count > CHALLENGE) {
    return 0;
  }
  strings[CHALLENGE].length = 0;
  for (unsigned claim = ID; claim <= count; claim++) {
    unsigned type = CLAIM_TYPES[claim];
    if (!read_exactly(&in, UNSIGNED, claim) ||
        !(type == UNSIGNED ? read_typed(&in, type, &numbers[claim])
          : type == MAP    ? read_map(&in, &strings[claim])
                           : read_string(&in, type, &strings[claim]))) {
      return 0;
    }
  }
  envelope->device = strings[DEVICE];
  envelope->challenge = strings[CHALLENGE];
  command->id = strings[ID];
  command->name = strings[NAME];
  command->arguments = strings[ARGUMENTS];
  command->sequence = numbers[SEQUENCE];
  command->issued = numbers[ISSUED];
  command->expires = numbers[EXPIRES];
  command->policy_epoch = numbers[EPOCH];
  return command->id.length == SALLYPORT_COMMAND_ID_BYTES &&
         (count == EPOCH || envelope->challenge.length == SALLYPORT_COMMAND_CHALLENGE_BYTES) &&
         command->issued < command->expires && command->expires <= SALLYPORT_COMMAND_SECONDS_MAX &&
         are_arguments(command->arguments);
}

/* ---- what is signed */

#define ADDITIONAL_PIECES 5

/* SHA-256 of the Sig_structure (RFC 9052, section 4.4), with external_aad in pieces. */
static int hash_signed(text header, const text *additional, text payload, uint8_t hash[HASH]) {
  uint8_t heads[3][HEAD_MAX];
  text pieces[6 + ADDITIONAL_PIECES] = {LITERAL("\x84\x6aSignature1")};
  size_t length = 0;
  for (size_t i = 0; i < ADDITIONAL_PIECES; i++) {
    pieces[4 + i] = additional[i];
    length += additional[i].length;
  }
  pieces[1] = write_head(heads[0], BYTES, header.length);
  pieces[2] = header;
  pieces[3] = write_head(heads[1], BYTES, length);
  pieces[4 + ADDITIONAL_PIECES] = write_head(heads[2], BYTES, payload.length);
  pieces[5 + ADDITIONAL_PIECES] = payload;
  return hash_all(pieces, sizeof pieces / sizeof pieces[0], hash);
}

/* The same, where external_aad is [context, device, tenant] as this device knows them. */
static int hash_for(const struct sallyport_command_device *device, text context, text header,
                    text payload, uint8_t hash[HASH]) {
  uint8_t heads[2][HEAD_MAX];
  text id = characters(device->id);
  text tenant = characters(device->tenant);
  text additional[ADDITIONAL_PIECES];
  additional[0] = context;
  additional[1] = write_head(heads[0], TEXT, id.length);
  additional[2] = id;
  additional[3] = write_head(heads[1], TEXT, tenant.length);
  additional[4] = tenant;
  return hash_signed(header, additional, payload, hash);
}

/* ---- numbers that were seen */

enum sallyport_command_verdict sallyport_command_window_check(
    const struct sallyport_command_window *window, uint64_t sequence, unsigned width) {
  uint64_t below = window->top - sequence;
  if (sequence > SALLYPORT_COMMAND_SEQUENCE_MAX) {
    return SALLYPORT_COMMAND_RANGE;
  }
  if (sequence > window->top) {
    return SALLYPORT_COMMAND_EXECUTED;
  }
  if (below >= width || below >= SALLYPORT_COMMAND_WINDOW) {
    return SALLYPORT_COMMAND_OLD;
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

static const struct sallyport_command_signer *find_signer(
    const struct sallyport_command_device *device, text key_id) {
  for (size_t i = 0; i < device->signer_count; i++) {
    if (key_id.length == SALLYPORT_COMMAND_KEY_ID_BYTES &&
        memcmp(device->signers[i].key_id, key_id.at, key_id.length) == 0) {
      return &device->signers[i];
    }
  }
  return NULL;
}

/* Whether the signer may command that by that channel; firmware is never commanded from afar. */
static enum sallyport_command_verdict find_permission(
    const struct sallyport_command_signer *signer, text name, enum sallyport_command_channel channel,
    const struct sallyport_command_permission **permission) {
  if (channel != SALLYPORT_COMMAND_LOCALLY && equal(name, characters("flash-firmware"))) {
    return SALLYPORT_COMMAND_FORBIDDEN;
  }
  for (size_t i = 0; i < signer->permission_count; i++) {
    *permission = &signer->permissions[i];
    if (((*permission)->channels & channel) != 0 && equal(characters((*permission)->name), name)) {
      return SALLYPORT_COMMAND_EXECUTED;
    }
  }
  return SALLYPORT_COMMAND_NOT_ALLOWED;
}

static int begins_with_word(text name, const char *word) {
  size_t i = 0;
  for (; word[i] != 0; i++) {
    if (i == name.length || (name.at[i] | 0x20) != word[i]) {
      return 0;
    }
  }
  return i == name.length || name.at[i] == '.' || name.at[i] == '_' || name.at[i] == '-';
}

static int is_unlocking(text name) {
  return begins_with_word(name, "unlock") || begins_with_word(name, "open") ||
         begins_with_word(name, "disarm");
}

static enum sallyport_command_verdict check_time(const struct sallyport_command_device *device,
                                                 uint64_t now, text challenge,
                                                 const struct sallyport_command *command) {
  text asked = {device->challenge, SALLYPORT_COMMAND_CHALLENGE_BYTES};
  if (now == SALLYPORT_COMMAND_NO_CLOCK) {
    return device->challenged && equal(asked, challenge) ? SALLYPORT_COMMAND_EXECUTED
                                                         : SALLYPORT_COMMAND_CHALLENGE;
  }
  if (challenge.length != 0) {
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

static enum sallyport_command_verdict check_sequence(
    const struct sallyport_command *command,
    const struct sallyport_command_permission *permission) {
  const struct sallyport_command_window *window = command->signer->window;
  enum sallyport_command_verdict verdict =
      sallyport_command_window_check(window, command->sequence, SALLYPORT_COMMAND_WINDOW);
  if (verdict == SALLYPORT_COMMAND_EXECUTED && command->sequence < window->top &&
      (permission->strict || is_unlocking(command->name))) {
    return SALLYPORT_COMMAND_OUT_OF_ORDER;
  }
  return verdict;
}

/* Everything up to the signature; nobody is answered before it. */
static enum sallyport_command_verdict verify(
    const struct sallyport_command_device *device, enum sallyport_command_channel channel,
    text message, struct envelope *envelope, struct sallyport_command *command,
    const struct sallyport_command_permission **permission,
    enum sallyport_command_verdict *complaint) {
  uint8_t hash[HASH];
  int is_es256;
  enum sallyport_command_verdict verdict;
  if (message.length > SALLYPORT_COMMAND_MAX) {
    return SALLYPORT_COMMAND_TOO_LONG;
  }
  if (!read_exactly(&message, TAG, 18)) {
    return SALLYPORT_COMMAND_NOT_TAGGED;
  }
  if (!read_envelope(message, envelope)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  verdict = read_header(envelope, &is_es256);
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  if (!read_claims(envelope, command)) {
    return SALLYPORT_COMMAND_MALFORMED;
  }
  if (!is_es256) {
    return SALLYPORT_COMMAND_ALGORITHM;
  }
  command->signer = find_signer(device, envelope->key_id);
  if (command->signer == NULL) {
    return SALLYPORT_COMMAND_UNKNOWN_KEY;
  }
  *complaint = find_permission(command->signer, command->name, channel, permission);
  if (!is_signature(envelope->signature) ||
      !hash_for(device, COMMAND_CONTEXT, envelope->header, envelope->payload, hash) ||
      !is_signed(command->signer->point, hash, envelope->signature.at)) {
    return *complaint != SALLYPORT_COMMAND_EXECUTED ? *complaint : SALLYPORT_COMMAND_BAD_SIGNATURE;
  }
  return equal(envelope->device, characters(device->id)) ? SALLYPORT_COMMAND_EXECUTED
                                                         : SALLYPORT_COMMAND_OTHER_DEVICE;
}

enum sallyport_command_verdict sallyport_command_receive(struct sallyport_command_device *device,
                                                         enum sallyport_command_channel channel,
                                                         uint64_t now, const uint8_t *message,
                                                         size_t length,
                                                         struct sallyport_command *command) {
  const struct sallyport_command_permission *permission;
  struct sallyport_command_window window;
  struct sallyport_command claimed;
  struct envelope envelope;
  enum sallyport_command_verdict complaint;
  text whole = {message, length};
  enum sallyport_command_verdict verdict =
      verify(device, channel, whole, &envelope, &claimed, &permission, &complaint);
  command->signer = NULL;
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  /* No receipt can say a number that there is not. */
  if (claimed.sequence <= SALLYPORT_COMMAND_SEQUENCE_MAX) {
    *command = claimed;
  }
  if (complaint != SALLYPORT_COMMAND_EXECUTED) {
    return complaint;
  }
  verdict = check_time(device, now, envelope.challenge, &claimed);
  if (verdict == SALLYPORT_COMMAND_EXECUTED) {
    verdict = check_sequence(&claimed, permission);
  }
  if (verdict != SALLYPORT_COMMAND_EXECUTED) {
    return verdict;
  }
  if (permission->fits != NULL && !permission->fits(command)) {
    return SALLYPORT_COMMAND_ARGUMENTS;
  }
  window = *command->signer->window;
  sallyport_command_window_mark(&window, command->sequence);
  if (device->persist(device->context, command->signer, &window) != 0) {
    return SALLYPORT_COMMAND_NOT_REMEMBERED;
  }
  *command->signer->window = window;
  device->challenged = 0;
  return permission->execute(device->context, command) == 0 ? SALLYPORT_COMMAND_EXECUTED
                                                            : SALLYPORT_COMMAND_FAILED;
}
