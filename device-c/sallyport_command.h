/* Signed commands on a constrained device: sallyport_command.c says in which order what is checked.

   Nothing is allocated here and nothing is kept but what these structures hold; they are the
   caller's, and one thread at a time may use them. No secret passes through this code: keys are
   public, commands and nonces travel in clear. It therefore compares without constant time. */
#ifndef SALLYPORT_COMMAND_H
#define SALLYPORT_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bound: the bytes of a command, at most 65535. What is longer is not looked at. A smaller number
   refuses what others take. */
#ifndef SALLYPORT_COMMAND_MAX
#define SALLYPORT_COMMAND_MAX 4096
#endif

/* Bounds of what docs/commands.md allows. */
#define SALLYPORT_COMMAND_ARGUMENTS_MAX 32
#define SALLYPORT_COMMAND_ARGUMENT_NAME_MAX 64
#define SALLYPORT_COMMAND_SECONDS_MAX UINT64_C(253402300799) /* 31 December 9999 */
#define SALLYPORT_COMMAND_SEQUENCE_MAX ((UINT64_C(1) << 48) - 1)

/* How many numbers a window remembers, the highest among them. */
#define SALLYPORT_COMMAND_WINDOW 64

#define SALLYPORT_COMMAND_ID_BYTES 16
#define SALLYPORT_COMMAND_CHALLENGE_BYTES 16
#define SALLYPORT_COMMAND_KEY_ID_BYTES 32
#define SALLYPORT_COMMAND_POINT_BYTES 65
#define SALLYPORT_COMMAND_HASH_BYTES 32
#define SALLYPORT_COMMAND_SIGNATURE_BYTES 64
#define SALLYPORT_COMMAND_DETAIL_MAX 128
#define SALLYPORT_COMMAND_RECEIPT_MAX 512

/* What became of a message. The reasons from SALLYPORT_COMMAND_FORBIDDEN on go into receipts. */
enum sallyport_command_verdict {
  SALLYPORT_COMMAND_EXECUTED = 0,
  SALLYPORT_COMMAND_TOO_LONG,       /* more than SALLYPORT_COMMAND_MAX bytes */
  SALLYPORT_COMMAND_NOT_TAGGED,     /* not tag 18 */
  SALLYPORT_COMMAND_MALFORMED,      /* not deterministic CBOR, or not the parts of a command */
  SALLYPORT_COMMAND_HEADER,         /* the headers have something else than they must */
  SALLYPORT_COMMAND_ALGORITHM,      /* not ES256 */
  SALLYPORT_COMMAND_UNKNOWN_KEY,    /* nobody who commands this device has that key */
  SALLYPORT_COMMAND_BAD_SIGNATURE,  /* that key did not sign this for this device */
  SALLYPORT_COMMAND_OTHER_DEVICE,   /* it names another device */
  SALLYPORT_COMMAND_SEQUENCE_RANGE, /* above SALLYPORT_COMMAND_SEQUENCE_MAX */
  SALLYPORT_COMMAND_REPLAYED,       /* that number came before */
  SALLYPORT_COMMAND_FORBIDDEN,      /* firmware never comes by a command from afar */
  SALLYPORT_COMMAND_NOT_ALLOWED,    /* this signer may not command that by this channel */
  SALLYPORT_COMMAND_CHALLENGE,      /* not this device's challenge, or a needless one */
  SALLYPORT_COMMAND_EXPIRED,        /* its time is over */
  SALLYPORT_COMMAND_NOT_YET_VALID,  /* its time has not come */
  SALLYPORT_COMMAND_SEQUENCE_OLD,   /* too far behind to be known */
  SALLYPORT_COMMAND_OUT_OF_ORDER,   /* strict, and behind a number that came */
  SALLYPORT_COMMAND_ARGUMENTS,      /* `fits` says no */
  SALLYPORT_COMMAND_NOT_REMEMBERED, /* `persist` failed: nothing was done, nothing has changed */
  SALLYPORT_COMMAND_FAILED          /* `execute` failed; the number is spent all the same */
};

/* The ways by which a command can come; bits of a set. */
enum sallyport_command_channel {
  SALLYPORT_COMMAND_BY_COMMANDS = 1, /* devices/<id>/commands */
  SALLYPORT_COMMAND_BY_AWS = 2,      /* $aws/commands/things/<id>/executions/... */
  SALLYPORT_COMMAND_LOCALLY = 4      /* at the device itself: a serial line, a service tool */
};

struct sallyport_command;

/* Which numbers of one signer were seen: bit i of `map` is the number `top` - i. All zero at the
   first start of a device, with a key that it has never heard of. */
struct sallyport_command_window {
  uint64_t top;
  uint64_t map;
};

/* A command that a signer may give. */
struct sallyport_command_permission {
  const char *name;
  uint8_t channels; /* a set of enum sallyport_command_channel */
  /* Not 0: only with a higher number than any command before. Commands whose first word is unlock,
     open or disarm are strict, whatever this says. */
  uint8_t strict;
  /* Whether the arguments are such as `execute` takes; NULL if it takes any. */
  int (*fits)(const struct sallyport_command *command);
  /* Does it; returns 0 if it was done. */
  int (*execute)(void *context, const struct sallyport_command *command);
};

/* Whom this device believes. May be const, in flash; only the window is written. */
struct sallyport_command_signer {
  /* SHA-256 of the key's SubjectPublicKeyInfo. */
  const uint8_t *key_id;
  /* The key, on P-256, uncompressed (SEC 1, section 2.3.3): 04, x, y. */
  const uint8_t *point;
  const struct sallyport_command_permission *permissions;
  size_t permission_count;
  /* Of this key alone: a new key begins with a window of zeros. */
  struct sallyport_command_window *window;
};

struct sallyport_command_text {
  const uint8_t *at;
  size_t length;
};

/* A command that its signer gave to this device. It points into the message. */
struct sallyport_command {
  const struct sallyport_command_signer *signer; /* NULL: nobody is to be answered */
  struct sallyport_command_text id;              /* SALLYPORT_COMMAND_ID_BYTES */
  struct sallyport_command_text device;
  struct sallyport_command_text name;
  struct sallyport_command_text arguments; /* a map: sallyport_command_argument reads it */
  struct sallyport_command_text challenge; /* of no length without one */
  uint64_t sequence;
  uint64_t issued;  /* seconds since 1970 */
  uint64_t expires; /* seconds since 1970 */
  uint64_t policy_epoch;
};

/* This device. */
struct sallyport_command_device {
  const char *id;
  const char *tenant; /* the installation, as its commands are signed with */
  const struct sallyport_command_signer *signers;
  size_t signer_count;
  uint64_t skew; /* seconds that a signer's clock may be ahead of this device's */

  /* Without a clock: SALLYPORT_COMMAND_CHALLENGE_BYTES random bytes that were published for the
     next command, and not 0 while that has not come. A command that brings them spends them. */
  uint8_t challenge[SALLYPORT_COMMAND_CHALLENGE_BYTES];
  uint8_t challenged;

  /* Remembers a signer's window: returns 0 only when it will survive a loss of power. The command
     is executed after that, so that it is executed once at the most. */
  int (*persist)(void *context, const struct sallyport_command_signer *signer,
                 const struct sallyport_command_window *window);

  /* For receipts: SHA-256 of this device's certificate (DER), and what signs with its key, which
     may be in a secure element: ECDSA of a hash, r and s of 32 bytes each; returns 0 if it did. */
  const uint8_t *certificate;
  int (*sign)(void *context, const uint8_t hash[SALLYPORT_COMMAND_HASH_BYTES],
              uint8_t signature[SALLYPORT_COMMAND_SIGNATURE_BYTES]);

  void *context;
};

/* For a device whose clock is not to be trusted: a command must bring its challenge, and one of the
   past is as good as one of today. */
#define SALLYPORT_COMMAND_NO_CLOCK UINT64_C(0)

/* Verifies a message and does what it commands. Nothing of the device changes before the signature
   is known to be good. `now` is in seconds since 1970. `command` says afterwards what is to be
   answered with a receipt; its signer is NULL where nothing is. */
enum sallyport_command_verdict sallyport_command_receive(struct sallyport_command_device *device,
                                                         enum sallyport_command_channel channel,
                                                         uint64_t now, const uint8_t *message,
                                                         size_t length,
                                                         struct sallyport_command *command);

/* The kinds of an argument: the major types of CBOR (RFC 8949, section 3.1). */
enum sallyport_command_kind {
  SALLYPORT_COMMAND_NUMBER = 0, /* in `number` */
  SALLYPORT_COMMAND_BYTES = 2,  /* in `text` */
  SALLYPORT_COMMAND_TEXT = 3,   /* in `text`, in UTF-8 */
  SALLYPORT_COMMAND_ARRAY = 4,  /* in `text`, encoded */
  SALLYPORT_COMMAND_MAP = 5,    /* in `text`, encoded */
  SALLYPORT_COMMAND_SIMPLE = 7  /* in `number`: 20 for false, 21 for true, 22 for null */
};

struct sallyport_command_value {
  unsigned kind; /* enum sallyport_command_kind */
  int64_t number;
  struct sallyport_command_text text;
};

/* Finds an argument; 0 if it is not there. */
int sallyport_command_argument(const struct sallyport_command *command, const char *name,
                               struct sallyport_command_value *value);

/* What is to be said of a command. */
struct sallyport_command_receipt {
  const struct sallyport_command *command; /* of sallyport_command_receive */
  enum sallyport_command_verdict verdict;  /* likewise */
  const uint8_t *state_hash; /* SHA-256 of the device's state afterwards; NULL for none */
  const char *detail;        /* at most SALLYPORT_COMMAND_DETAIL_MAX bytes, or NULL */
  uint64_t at;               /* seconds since 1970, or SALLYPORT_COMMAND_NO_CLOCK */
};

/* Writes a receipt, and says how long it is; 0 if there is nothing to be answered, it does not fit,
   or it could not be signed. SALLYPORT_COMMAND_RECEIPT_MAX bytes are enough for any. */
size_t sallyport_command_sign_receipt(const struct sallyport_command_device *device,
                                      const struct sallyport_command_receipt *receipt, uint8_t *out,
                                      size_t size);

/* After a start with a window of which only the highest number was kept: everything up to that
   number counts as seen, as nobody knows which of it was. */
void sallyport_command_window_raise(struct sallyport_command_window *window, uint64_t top);

/* Whether a number is new to a window of that width, 1 to SALLYPORT_COMMAND_WINDOW: EXECUTED,
   SEQUENCE_RANGE, SEQUENCE_OLD or REPLAYED. */
enum sallyport_command_verdict sallyport_command_window_check(
    const struct sallyport_command_window *window, uint64_t sequence, unsigned width);

/* Notes a number that sallyport_command_window_check found new. */
void sallyport_command_window_mark(struct sallyport_command_window *window, uint64_t sequence);

#ifdef __cplusplus
}
#endif

#endif
