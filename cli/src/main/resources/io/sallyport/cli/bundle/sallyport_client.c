/* MQTT 3.1.1 over TLS 1.2 with mbedTLS 2.28: mutual authentication with the constants of
   sallyport_credentials.h, and a server that must have one of the pinned keys.

   The pins are checked while the handshake goes on, on the path that mbedTLS has verified, and not
   on the list that the server sent: a certificate that only travels along proves nothing. Nothing
   of MQTT is sent to a server that fails. */

#include "sallyport_client.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mbedtls/ctr_drbg.h"
#include "mbedtls/entropy.h"
#include "mbedtls/net_sockets.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/sha256.h"
#include "mbedtls/ssl.h"
#include "mbedtls/x509_crt.h"
#include "sallyport_credentials.h"

/* Bound: how long to wait for any answer. */
#define WAIT_MS 10000
/* Bound: a packet that we send or read. */
#define PACKET_MAX 1280

#define MQTT_CONNECT 0x10
#define MQTT_CONNACK 0x20
#define MQTT_PUBLISH_QOS1 0x32
#define MQTT_PUBACK 0x40
#define MQTT_DISCONNECT 0xE0
#define MQTT_CLEAN_SESSION 0x02
#define MQTT_KEEP_ALIVE_S 60
#define MQTT_PACKET_ID 1

struct client {
  mbedtls_net_context socket;
  mbedtls_ssl_context tls;
  mbedtls_ssl_config config;
  mbedtls_x509_crt trusted;
  mbedtls_x509_crt own;
  mbedtls_pk_context key;
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  int pinned;
  int detail;
  unsigned char packet[PACKET_MAX];
  size_t length;
};

/* The only suites; both have forward secrecy and authenticate what they encrypt. */
static const int SUITES[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                             MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 0};
static const mbedtls_ecp_group_id CURVES[] = {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_NONE};
static const int HASHES[] = {MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE};

/* The root is on P-384 and signs with SHA-384; everything else is P-256 and SHA-256. */
static const mbedtls_x509_crt_profile PROFILE = {
    MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1),
    0};

const char *sallyport_explain(enum sallyport_result result) {
  switch (result) {
    case SALLYPORT_DONE:
      return "published and acknowledged";
    case SALLYPORT_TOO_LONG:
      return "topic and payload are too long";
    case SALLYPORT_CREDENTIALS:
      return "the credentials of this device cannot be read";
    case SALLYPORT_UNREACHABLE:
      return "the server cannot be reached";
    case SALLYPORT_NOT_TRUSTED:
      return "the server's certificate is not trusted";
    case SALLYPORT_NOT_PINNED:
      return "the server has none of the pinned keys";
    case SALLYPORT_TLS:
      return "the handshake failed";
    case SALLYPORT_REFUSED:
      return "the gateway refused";
    case SALLYPORT_PROTOCOL:
      return "the answer is not MQTT";
  }
  return "unknown";
}

static enum sallyport_result fail(struct client *client, enum sallyport_result result, int detail) {
  client->detail = detail;
  return result;
}

/* ---- pins */

static int is_pinned(const mbedtls_x509_crt *certificate) {
  unsigned char hash[SALLYPORT_PIN_BYTES];
  if (mbedtls_sha256_ret(certificate->pk_raw.p, certificate->pk_raw.len, hash, 0) != 0) {
    return 0;
  }
  for (int i = 0; i < SALLYPORT_PIN_COUNT; i++) {
    if (memcmp(hash, sallyport_pins[i], sizeof hash) == 0) {
      return 1;
    }
  }
  return 0;
}

/* Called for every certificate of the path that was verified, the leaf (depth 0) last. */
static int check_pin(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags) {
  struct client *client = (struct client *)context;
  if (is_pinned(certificate)) {
    client->pinned = 1;
  }
  if (depth == 0 && !client->pinned) {
    *flags |= MBEDTLS_X509_BADCERT_OTHER;
  }
  return 0;
}

/* ---- TLS */

static void begin(struct client *client) {
  memset(client, 0, sizeof *client);
  mbedtls_net_init(&client->socket);
  mbedtls_ssl_init(&client->tls);
  mbedtls_ssl_config_init(&client->config);
  mbedtls_x509_crt_init(&client->trusted);
  mbedtls_x509_crt_init(&client->own);
  mbedtls_pk_init(&client->key);
  mbedtls_entropy_init(&client->entropy);
  mbedtls_ctr_drbg_init(&client->random);
}

static void end(struct client *client) {
  mbedtls_net_free(&client->socket);
  mbedtls_ssl_free(&client->tls);
  mbedtls_ssl_config_free(&client->config);
  mbedtls_x509_crt_free(&client->trusted);
  mbedtls_x509_crt_free(&client->own);
  mbedtls_pk_free(&client->key);
  mbedtls_ctr_drbg_free(&client->random);
  mbedtls_entropy_free(&client->entropy);
  mbedtls_platform_zeroize(client, sizeof *client);
}

static enum sallyport_result load(struct client *client) {
  int error = mbedtls_ctr_drbg_seed(&client->random, mbedtls_entropy_func, &client->entropy,
                                    (const unsigned char *)SALLYPORT_ID, strlen(SALLYPORT_ID));
  if (error == 0) {
    error = mbedtls_x509_crt_parse(&client->trusted, sallyport_ca_pem, sallyport_ca_pem_len);
  }
  if (error == 0) {
    error = mbedtls_x509_crt_parse(&client->own, sallyport_certificate_pem,
                                   sallyport_certificate_pem_len);
  }
  if (error == 0) {
    error = mbedtls_pk_parse_key(&client->key, sallyport_key_pem, sallyport_key_pem_len, NULL, 0);
  }
  return error == 0 ? SALLYPORT_DONE : fail(client, SALLYPORT_CREDENTIALS, error);
}

static enum sallyport_result configure(struct client *client) {
  mbedtls_ssl_config *config = &client->config;
  int error = mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_CLIENT,
                                          MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (error != 0) {
    return fail(client, SALLYPORT_CREDENTIALS, error);
  }
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_max_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_ciphersuites(config, SUITES);
  mbedtls_ssl_conf_curves(config, CURVES);
  mbedtls_ssl_conf_sig_hashes(config, HASHES);
  mbedtls_ssl_conf_cert_profile(config, &PROFILE);
  mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_verify(config, check_pin, client);
  mbedtls_ssl_conf_ca_chain(config, &client->trusted, NULL);
  mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &client->random);
  mbedtls_ssl_conf_read_timeout(config, WAIT_MS);
  error = mbedtls_ssl_conf_own_cert(config, &client->own, &client->key);
  if (error == 0) {
    error = mbedtls_ssl_setup(&client->tls, config);
  }
  if (error == 0) {
    error = mbedtls_ssl_set_hostname(&client->tls, SALLYPORT_HOST);
  }
  return error == 0 ? SALLYPORT_DONE : fail(client, SALLYPORT_CREDENTIALS, error);
}

static enum sallyport_result handshake(struct client *client) {
  char port[8];
  snprintf(port, sizeof port, "%d", SALLYPORT_PORT);
  int error = mbedtls_net_connect(&client->socket, SALLYPORT_HOST, port, MBEDTLS_NET_PROTO_TCP);
  if (error != 0) {
    return fail(client, SALLYPORT_UNREACHABLE, error);
  }
  mbedtls_ssl_set_bio(&client->tls, &client->socket, mbedtls_net_send, NULL,
                      mbedtls_net_recv_timeout);
  do {
    error = mbedtls_ssl_handshake(&client->tls);
  } while (error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE);
  if (error == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) {
    uint32_t flags = mbedtls_ssl_get_verify_result(&client->tls);
    int pin_alone = flags == MBEDTLS_X509_BADCERT_OTHER;
    return fail(client, pin_alone ? SALLYPORT_NOT_PINNED : SALLYPORT_NOT_TRUSTED, (int)flags);
  }
  if (error != 0) {
    return fail(client, SALLYPORT_TLS, error);
  }
  /* VERIFY_REQUIRED has seen to both; asked once more, because everything hangs on them. */
  if (mbedtls_ssl_get_verify_result(&client->tls) != 0) {
    return fail(client, SALLYPORT_NOT_TRUSTED, 0);
  }
  return client->pinned ? SALLYPORT_DONE : fail(client, SALLYPORT_NOT_PINNED, 0);
}

static enum sallyport_result send_packet(struct client *client) {
  size_t sent = 0;
  while (sent < client->length) {
    int count = mbedtls_ssl_write(&client->tls, client->packet + sent, client->length - sent);
    if (count > 0) {
      sent += (size_t)count;
    } else if (count != MBEDTLS_ERR_SSL_WANT_READ && count != MBEDTLS_ERR_SSL_WANT_WRITE) {
      return fail(client, SALLYPORT_UNREACHABLE, count);
    }
  }
  return SALLYPORT_DONE;
}

static enum sallyport_result read_bytes(struct client *client, unsigned char *to, size_t length) {
  size_t got = 0;
  while (got < length) {
    int count = mbedtls_ssl_read(&client->tls, to + got, length - got);
    if (count > 0) {
      got += (size_t)count;
    } else if (count == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
      return fail(client, SALLYPORT_TLS, count);
    } else if (count != MBEDTLS_ERR_SSL_WANT_READ && count != MBEDTLS_ERR_SSL_WANT_WRITE) {
      return fail(client, SALLYPORT_UNREACHABLE, count);
    }
  }
  return SALLYPORT_DONE;
}

/* ---- MQTT */

static void put(struct client *client, const void *bytes, size_t length) {
  memcpy(client->packet + client->length, bytes, length);
  client->length += length;
}

static void put_byte(struct client *client, unsigned value) {
  client->packet[client->length++] = (unsigned char)value;
}

static void put_short(struct client *client, size_t value) {
  put_byte(client, (unsigned)(value >> 8));
  put_byte(client, (unsigned)(value & 0xff));
}

static void put_text(struct client *client, const char *text) {
  put_short(client, strlen(text));
  put(client, text, strlen(text));
}

/* Type and remaining length; longer than two bytes it never gets (PACKET_MAX). */
static void put_header(struct client *client, unsigned type, size_t remaining) {
  client->length = 0;
  put_byte(client, type);
  if (remaining < 128) {
    put_byte(client, (unsigned)remaining);
  } else {
    put_byte(client, (unsigned)(remaining % 128) | 0x80);
    put_byte(client, (unsigned)(remaining / 128));
  }
}

/* Both answers that we wait for have four bytes; `first` and `second` are the last two. */
static enum sallyport_result await(struct client *client, unsigned type, unsigned *first,
                                   unsigned *second) {
  unsigned char answer[4];
  enum sallyport_result result = read_bytes(client, answer, sizeof answer);
  if (result != SALLYPORT_DONE) {
    return result;
  }
  if (answer[0] != type || answer[1] != 2) {
    return fail(client, SALLYPORT_PROTOCOL, answer[0]);
  }
  *first = answer[2];
  *second = answer[3];
  return SALLYPORT_DONE;
}

static enum sallyport_result log_in(struct client *client) {
  unsigned session;
  unsigned code;
  put_header(client, MQTT_CONNECT, 10 + 2 + strlen(SALLYPORT_ID));
  put_text(client, "MQTT");
  put_byte(client, 4);
  put_byte(client, MQTT_CLEAN_SESSION);
  put_short(client, MQTT_KEEP_ALIVE_S);
  put_text(client, SALLYPORT_ID);
  enum sallyport_result result = send_packet(client);
  if (result == SALLYPORT_DONE) {
    result = await(client, MQTT_CONNACK, &session, &code);
  }
  if (result == SALLYPORT_DONE && code != 0) {
    result = fail(client, SALLYPORT_REFUSED, (int)code);
  }
  return result;
}

static enum sallyport_result publish(struct client *client, const char *topic, const void *payload,
                                     size_t length) {
  unsigned high;
  unsigned low;
  put_header(client, MQTT_PUBLISH_QOS1, 2 + strlen(topic) + 2 + length);
  put_text(client, topic);
  put_short(client, MQTT_PACKET_ID);
  put(client, payload, length);
  enum sallyport_result result = send_packet(client);
  if (result == SALLYPORT_DONE) {
    result = await(client, MQTT_PUBACK, &high, &low);
  }
  if (result == SALLYPORT_DONE && (high << 8 | low) != MQTT_PACKET_ID) {
    result = fail(client, SALLYPORT_PROTOCOL, (int)(high << 8 | low));
  }
  return result;
}

static enum sallyport_result log_out(struct client *client) {
  put_header(client, MQTT_DISCONNECT, 0);
  enum sallyport_result result = send_packet(client);
  mbedtls_ssl_close_notify(&client->tls);
  return result;
}

enum sallyport_result sallyport_publish(const char *topic, const void *payload, size_t length,
                                        int *detail) {
  /* Static: a thread of a small system has no stack for it. One call at a time. */
  static struct client client;
  if (length > PACKET_MAX || strlen(topic) + length + 16 > PACKET_MAX) {
    return SALLYPORT_TOO_LONG;
  }
  begin(&client);
  enum sallyport_result result = load(&client);
  if (result == SALLYPORT_DONE) {
    result = configure(&client);
  }
  if (result == SALLYPORT_DONE) {
    result = handshake(&client);
  }
  if (result == SALLYPORT_DONE) {
    result = log_in(&client);
  }
  if (result == SALLYPORT_DONE) {
    result = publish(&client, topic, payload, length);
  }
  if (result == SALLYPORT_DONE) {
    result = log_out(&client);
  }
  if (detail != NULL) {
    *detail = client.detail;
  }
  end(&client);
  return result;
}
