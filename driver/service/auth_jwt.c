/* AuthScheme=JWT: tokens of Connect AI Embedded, signed here with the user's own key (RS256, RFC 7515, 7519)
 * and the claims that the service asks for (SERVICE.md section 2). */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "data/base64.h"
#include "data/parameter.h"
#include "service/auth_scheme.h"
#include "service/secret.h"

enum { LONGEST_JWT = 64 * 1024, LONGEST_SIGNATURE = 16 * 1024 };

static const char *jwt_missing(const struct ca_options *options)
{
    if (!*ca_option_text(options, CA_OPTION_JWT_KEY))
        return "No credentials: AuthScheme=JWT needs JWTKey, the file of the RSA private key.";
    if (!*ca_option_text(options, CA_OPTION_JWT_ISSUER))
        return "No credentials: AuthScheme=JWT needs JWTIssuer, the id of the parent account.";
    if (!*ca_option_text(options, CA_OPTION_JWT_SUBJECT))
        return "No credentials: AuthScheme=JWT needs JWTSubject, the id of the child account.";
    return NULL;
}

/* pem_password_cb. Without a password the key cannot be read; OpenSSL must not ask at the terminal. */
static int give_password(char *buffer, int size, int writing, void *password)
{
    size_t octets = strlen(password);
    (void)writing;
    if (octets > (size_t)size)
        return -1;
    memcpy(buffer, password, octets);
    return (int)octets;
}

static bool bad_key(const struct ca_options *options, const char *why, struct ca_error *error)
{
    unsigned long code = ERR_peek_last_error();
    char detail[256] = "";
    if (code)
        ERR_error_string_n(code, detail, sizeof detail);
    return ca_error_set(error, "28000", 0, "JWTKey=%s cannot be used: %s%s%s%s",
                        ca_option_text(options, CA_OPTION_JWT_KEY), why, *detail ? " (" : "", detail,
                        *detail ? ")" : "");
}

static EVP_PKEY *read_key(const struct ca_options *options, struct ca_error *error)
{
    struct ca_buffer pem = CA_BUFFER_INIT_SECRET(2 * CA_LONGEST_SECRET_FILE);
    char *password = ca_secret_option(options, CA_OPTION_JWT_KEY_PASSWORD, error);
    EVP_PKEY *key = NULL;
    if (password && ca_secret_file_read(options, CA_OPTION_JWT_KEY, &pem, error)) {
        ERR_clear_error();
        BIO *source = BIO_new_mem_buf(pem.data, (int)pem.length);
        key = source ? PEM_read_bio_PrivateKey(source, NULL, give_password, password) : NULL;
        BIO_free(source);
        if (!key)
            bad_key(options, "it holds no private key (PEM) that JWTKeyPassword opens.", error);
    }
    if (key && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        ERR_clear_error();
        bad_key(options, "it is no RSA key.", error);
        EVP_PKEY_free(key);
        key = NULL;
    }
    ca_free_secret(password);
    ca_buffer_free(&pem);
    return key;
}

static void write_claims(struct ca_buffer *json, const struct ca_options *options)
{
    const char *issuer = ca_option_text(options, CA_OPTION_JWT_ISSUER);
    const char *subject = ca_option_text(options, CA_OPTION_JWT_SUBJECT);
    int64_t now_s = (int64_t)time(NULL);
    ca_buffer_add_format(json,
                         "{\"tokenType\":\"powered-by\",\"iat\":%lld,\"exp\":%lld,\"iss\":", (long long)now_s,
                         (long long)(now_s + ca_option_number(options, CA_OPTION_JWT_VALIDITY)));
    ca_json_write_text(json, issuer, strlen(issuer));
    ca_buffer_add_text(json, ",\"sub\":");
    ca_json_write_text(json, subject, strlen(subject));
    ca_buffer_add_char(json, '}');
}

static bool sign(EVP_PKEY *key, struct ca_buffer *token)
{
    unsigned char signature[LONGEST_SIGNATURE];
    size_t octets = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, signature, &octets, (unsigned char *)token->data, token->length) == 1;
    EVP_MD_CTX_free(context);
    if (done) {
        ca_buffer_add_char(token, '.');
        ca_base64url_write(token, signature, octets);
    }
    return done;
}

static struct ca_credential *jwt_renew(const struct ca_renewal *renewal, struct ca_error *error)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    const struct ca_options *options = renewal->auth->options;
    struct ca_buffer claims = CA_BUFFER_INIT(LONGEST_JWT);
    struct ca_buffer token = CA_BUFFER_INIT_SECRET(LONGEST_JWT);
    struct ca_credential *credential = NULL;
    EVP_PKEY *key = read_key(options, error);
    if (!key)
        return NULL;
    write_claims(&claims, options);
    ca_base64url_write(&token, header, sizeof header - 1);
    ca_buffer_add_char(&token, '.');
    ca_base64url_write(&token, ca_buffer_text(&claims), claims.length);
    ERR_clear_error();
    bool complete = !claims.failure && !token.failure &&
                    (sign(key, &token) || bad_key(options, "it does not sign with RS256.", error));
    if (complete && !token.failure)
        credential = ca_credential_bearer(
            token.data, ca_option_number(options, CA_OPTION_JWT_VALIDITY) * 1000,
            "Check JWTIssuer (the parent account), JWTSubject (the child account), that the public half of "
            "JWTKey is the one that Connect AI knows, and the clock of this machine.");
    if (!credential)
        ca_error_no_memory(error); /* where no other cause is set */
    EVP_PKEY_free(key);
    ca_buffer_free(&claims);
    ca_buffer_free(&token);
    return credential;
}

const struct ca_auth_scheme ca_auth_jwt = {"JWT", jwt_missing, jwt_renew, false};
