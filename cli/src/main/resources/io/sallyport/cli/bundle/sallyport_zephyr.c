/* Registers the credentials of this device with Zephyr's TLS sockets. Add this file and
   sallyport_credentials.c to the sources of the application, and sallyport.conf to its
   configuration (-DEXTRA_CONF_FILE=sallyport.conf). */

#include <zephyr/net/tls_credentials.h>

#include "sallyport_credentials.h"

/* Any number that no other credential of the application has. */
#define SALLYPORT_SEC_TAG 8883

/* For `sec_tag_list` of the MQTT client's TLS configuration; its `hostname` is SALLYPORT_HOST,
   its `peer_verify` TLS_PEER_VERIFY_REQUIRED. */
const sec_tag_t sallyport_sec_tags[] = {SALLYPORT_SEC_TAG};

/* Call it once, before the first connection; 0, or the error of Zephyr. */
int sallyport_add_credentials(void) {
  int error = tls_credential_add(SALLYPORT_SEC_TAG, TLS_CREDENTIAL_CA_CERTIFICATE, sallyport_ca_pem,
                                 sallyport_ca_pem_len);
  if (error == 0) {
    /* Our own certificate: Zephyr 4.2 says PUBLIC instead, and keeps this name. */
    error = tls_credential_add(SALLYPORT_SEC_TAG, TLS_CREDENTIAL_SERVER_CERTIFICATE,
                               sallyport_certificate_pem, sallyport_certificate_pem_len);
  }
  if (error == 0) {
    error = tls_credential_add(SALLYPORT_SEC_TAG, TLS_CREDENTIAL_PRIVATE_KEY, sallyport_key_pem,
                               sallyport_key_pem_len);
  }
  return error;
}
