/* A client that lets no other server than its own be the one: see sallyport_client.c. */
#ifndef SALLYPORT_CLIENT_H
#define SALLYPORT_CLIENT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How it ended; also the exit code of sallyport_main.c. */
enum sallyport_result {
  SALLYPORT_DONE = 0,
  SALLYPORT_TOO_LONG = 2,     /* topic and payload do not fit into the buffer */
  SALLYPORT_CREDENTIALS = 3,  /* the constants of this device cannot be read */
  SALLYPORT_UNREACHABLE = 4,  /* no connection, or it was lost */
  SALLYPORT_NOT_TRUSTED = 5,  /* the server's chain, name or validity is wrong */
  SALLYPORT_NOT_PINNED = 6,   /* the server is certified, but has none of the pinned keys */
  SALLYPORT_TLS = 7,          /* the handshake failed; the server may have refused us */
  SALLYPORT_REFUSED = 8,      /* the gateway refused the connection or the message */
  SALLYPORT_PROTOCOL = 9      /* an answer that is not MQTT */
};

/* Connects, publishes one message with QoS 1, waits for its acknowledgement and disconnects.
   `detail` gets the error of mbedTLS, or the code of the MQTT answer; it may be NULL. */
enum sallyport_result sallyport_publish(const char *topic, const void *payload, size_t length,
                                        int *detail);

/* The result in words. */
const char *sallyport_explain(enum sallyport_result result);

#ifdef __cplusplus
}
#endif

#endif
