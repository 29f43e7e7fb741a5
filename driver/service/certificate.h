/* What the driver can say of certificates: which check of a server's chain failed and on whose certificate,
 * and the pin of a public key (RFC 7469: sha256 of its SubjectPublicKeyInfo). */
#ifndef CA_SERVICE_CERTIFICATE_H
#define CA_SERVICE_CERTIFICATE_H

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>

enum { CA_PIN_SIZE = 8 + 44 + 1 }; /* "sha256//", base64 of 32 octets */

/* The last look at a server's chain. The texts come from the server: printable, cut where they are long. */
struct ca_tls_finding {
    int error;         /* X509_V_ERR_…; X509_V_OK where the chain was good, or none was seen */
    char subject[256]; /* of the certificate at fault, else of the server's; "" = none was seen */
    char issuer[256];
    char names[256]; /* the hosts that the server's certificate is for */
    char pin[CA_PIN_SIZE];
    bool asked; /* the server wanted a client certificate */
};

/* Verifies as OpenSSL does and notes what was found: for SSL_CTX_set_cert_verify_callback, `finding` a struct
 * ca_tls_finding that lives as long as the connection. */
int ca_certificate_verify(X509_STORE_CTX *store, void *finding);

/* Notes that the server asks for a client certificate: for SSL_CTX_set_cert_cb, `finding` as above. */
int ca_certificate_asked(SSL *connection, void *finding);

/* Writes the pin of a certificate's or a bare public key's PEM file. false: the file holds neither. */
bool ca_certificate_pin(const char *path, char pin[CA_PIN_SIZE]);

#endif
