/*
 * Signed tokens as Connect AI Embedded takes them (SERVICE.md section 2), and the proof of RFC 7636.
 */
#ifndef SERVICE_JWT_H
#define SERVICE_JWT_H

#include <openssl/evp.h>
#include <stdbool.h>

/* The public key of a PEM file; NULL where there is none. */
EVP_PKEY *jwt_key_read(const char *path);

/* The claims (JSON; the caller frees them) of a token whose header, signature, members and times are as they
 * must be; NULL otherwise. */
char *jwt_claims(const char *token, EVP_PKEY *key);

/* SHA-256 in hex digits. */
void jwt_digest(const char *token, char digest[65]);

/* Whether the S256 challenge is that of the verifier. */
bool pkce_fits(const char *challenge, const char *verifier);

#endif
