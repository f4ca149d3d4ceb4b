/* Tries the credentials on a machine with Debian's libmbedtls-dev:

     cc -std=c99 -Wall -Wextra -o sallyport_client sallyport_main.c sallyport_client.c \
        sallyport_credentials.c -lmbedtls -lmbedx509 -lmbedcrypto
     ./sallyport_client '{"hello":1}'
*/

#include <stdio.h>
#include <string.h>

#include "sallyport_client.h"
#include "sallyport_credentials.h"

int main(int count, char **arguments) {
  const char *payload = count > 1 ? arguments[1] : "hello";
  const char *topic = count > 2 ? arguments[2] : SALLYPORT_TELEMETRY_TOPIC;
  int detail = 0;
  enum sallyport_result result = sallyport_publish(topic, payload, strlen(payload), &detail);
  fprintf(result == SALLYPORT_DONE ? stdout : stderr, "%s (%d)\n", sallyport_explain(result),
          detail);
  return (int)result;
}
