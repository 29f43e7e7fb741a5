/*
 * Owns the proof of signed tokens and of PKCE. Knows nothing of who sends them.
 */
#include "jwt.h"

#include "buffer.h"
#include "jsontext.h"
#include "wire.h"

#include <json-c/json.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Clocks differ; longer-lived tokens than an hour are none of this service's. */
enum { SKEW_S = 30, LONGEST_S = 3600 };

EVP_PKEY *jwt_key_read(const char *path)
{
    FILE *file = fopen(path, "re");
    EVP_PKEY *key = file != NULL ? PEM_read_PUBKEY(file, NULL, NULL, NULL) : NULL;

    if (file != NULL)
        fclose(file);
    return key;
}

/* base64url without padding. */
static bool decode(struct buffer *out, const char *text, size_t length)
{
    struct buffer plain = {0};

    for (size_t i = 0; i < length; i++)
        buffer_char(&plain, text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
    while (plain.length % 4 != 0)
        buffer_char(&plain, '=');
    bool fine = memchr(text, '=', length) == NULL && memchr(text, '+', length) == NULL && !plain.failed &&
                wire_base64_read(out, buffer_string(&plain), plain.length);
    buffer_free(&plain);
    return fine && !out->failed;
}

static bool verify(const char *token, size_t signed_length, const struct buffer *signature, EVP_PKEY *key)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(context, (const unsigned char *)signature->data, signature->length,
                                 (const unsigned char *)token, signed_length) == 1;

    EVP_MD_CTX_free(context);
    return fine;
}

/* Exactly the documented members, the times numbers and around now. */
static bool good_claims(struct json_object *claims)
{
    struct json_object *iat = json_object_object_get(claims, "iat"),
                       *exp = json_object_object_get(claims, "exp");
    const char *type = json_object_get_string(json_object_object_get(claims, "tokenType"));
    const char *issuer = json_object_get_string(json_object_object_get(claims, "iss"));
    const char *subject = json_object_get_string(json_object_object_get(claims, "sub"));
    int64_t now = time(NULL);

    if (!json_object_is_type(iat, json_type_int) || !json_object_is_type(exp, json_type_int) ||
        type == NULL || issuer == NULL || subject == NULL || json_object_object_length(claims) != 5)
        return false;
    int64_t begins = json_object_get_int64(iat), ends = json_object_get_int64(exp);
    return strcmp(type, "powered-by") == 0 && *issuer != '\0' && *subject != '\0' && begins <= now + SKEW_S &&
           ends > now - SKEW_S && ends > begins && ends - begins <= LONGEST_S;
}

char *jwt_claims(const char *token, EVP_PKEY *key)
{
    const char *dot = strchr(token, '.'), *last = strrchr(token, '.');
    struct buffer header = {0}, body = {0}, signature = {0};
    struct json_object *claims = NULL;
    const char *problem;
    char *text = NULL;

    if (dot == NULL || last == dot || !decode(&header, token, (size_t)(dot - token)) ||
        !decode(&body, dot + 1, (size_t)(last - dot - 1)) || !decode(&signature, last + 1, strlen(last + 1)))
        goto out;
    if (strcmp(buffer_string(&header), "{\"alg\":\"RS256\",\"typ\":\"JWT\"}") != 0 ||
        !verify(token, (size_t)(last - token), &signature, key))
        goto out;
    claims = json_read(buffer_string(&body), body.length, &problem);
    if (json_object_is_type(claims, json_type_object) && good_claims(claims))
        text = buffer_take(&body);
out:
    json_object_put(claims);
    buffer_free(&header);
    buffer_free(&body);
    buffer_free(&signature);
    return text;
}

void jwt_digest(const char *token, char digest[65])
{
    unsigned char raw[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)token, strlen(token), raw);
    for (size_t i = 0; i < sizeof raw; i++)
        snprintf(digest + 2 * i, 3, "%02x", raw[i]);
}

bool pkce_fits(const char *challenge, const char *verifier)
{
    unsigned char raw[SHA256_DIGEST_LENGTH];
    struct buffer given = {0};
    size_t length = strlen(verifier);

    SHA256((const unsigned char *)verifier, length, raw);
    bool fine = length >= 43 && length <= 128 && decode(&given, challenge, strlen(challenge)) &&
                given.length == sizeof raw && memcmp(given.data, raw, sizeof raw) == 0;
    buffer_free(&given);
    return fine;
}
