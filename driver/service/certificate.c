#include "service/certificate.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/utf.h"

/* Appends what still fits. */
static void add(char *text, size_t size, const char *more, size_t octets)
{
    size_t at = strlen(text);
    size_t fits = ca_utf8_cut(more, octets, size - 1 - at);
    memcpy(text + at, more, fits);
    text[at + fits] = '\0';
}

/* RFC 2253, control characters escaped; what is beyond ASCII as UTF-8. */
static void write_name(char *text, size_t size, const X509_NAME *name)
{
    char *data = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    *text = '\0';
    if (memory && X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        long octets = BIO_get_mem_data(memory, &data);
        add(text, size, data, octets > 0 ? (size_t)octets : 0);
    }
    BIO_free(memory);
}

static void add_dns(char *text, size_t size, const ASN1_STRING *name)
{
    const unsigned char *data = ASN1_STRING_get0_data(name);
    for (int i = 0; i < ASN1_STRING_length(name); i++) {
        char c = data[i] > 0x20 && data[i] < 0x7F ? (char)data[i] : '?';
        add(text, size, &c, 1);
    }
}

static void add_address(char *text, size_t size, const ASN1_STRING *address)
{
    char written[INET6_ADDRSTRLEN];
    int octets = ASN1_STRING_length(address);
    int family = octets == 4 ? AF_INET : octets == 16 ? AF_INET6 : AF_UNSPEC;
    if (family != AF_UNSPEC && inet_ntop(family, ASN1_STRING_get0_data(address), written, sizeof written))
        add(text, size, written, strlen(written));
}

static void write_hosts(char *text, size_t size, X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    *text = '\0';
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int kind;
        const ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &kind);
        if (kind != GEN_DNS && kind != GEN_IPADD)
            continue;
        if (*text)
            add(text, size, ", ", 2);
        if (kind == GEN_DNS)
            add_dns(text, size, value);
        else
            add_address(text, size, value);
    }
    GENERAL_NAMES_free(names);
}

static bool write_pin(char pin[CA_PIN_SIZE], X509_PUBKEY *key)
{
    static const char prefix[] = "sha256//";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    unsigned char *octets = NULL;
    int length = i2d_X509_PUBKEY(key, &octets);
    bool done = length > 0 && EVP_Digest(octets, (size_t)length, digest, NULL, EVP_sha256(), NULL);
    OPENSSL_free(octets);
    *pin = '\0';
    if (done) {
        memcpy(pin, prefix, sizeof prefix);
        EVP_EncodeBlock((unsigned char *)pin + sizeof prefix - 1, digest, sizeof digest);
    }
    return done;
}

int ca_certificate_verify(X509_STORE_CTX *store, void *context)
{
    struct ca_tls_finding *finding = context;
    int good = X509_verify_cert(store);
    X509 *server = X509_STORE_CTX_get0_cert(store);
    X509 *fault = good == 1 ? NULL : X509_STORE_CTX_get_current_cert(store);
    if (!fault)
        fault = server;
    finding->error = X509_STORE_CTX_get_error(store);
    if (!fault || !server)
        return good > 0;
    write_name(finding->subject, sizeof finding->subject, X509_get_subject_name(fault));
    write_name(finding->issuer, sizeof finding->issuer, X509_get_issuer_name(fault));
    write_hosts(finding->names, sizeof finding->names, server);
    write_pin(finding->pin, X509_get_X509_PUBKEY(server));
    return good > 0;
}

int ca_certificate_asked(SSL *connection, void *context)
{
    struct ca_tls_finding *finding = context;
    (void)connection;
    finding->asked = true;
    return 1;
}

/* A file with a password is not asked for one. */
static int no_password(char *password, int size, int writing, void *context)
{
    (void)password;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

bool ca_certificate_pin(const char *path, char pin[CA_PIN_SIZE])
{
    bool done = false;
    BIO *file = BIO_new_file(path, "r");
    X509 *certificate = file ? PEM_read_bio_X509(file, NULL, no_password, NULL) : NULL;
    if (certificate) {
        done = write_pin(pin, X509_get_X509_PUBKEY(certificate));
    } else if (file && BIO_seek(file, 0) == 0) {
        X509_PUBKEY *wrapped = NULL;
        EVP_PKEY *key = PEM_read_bio_PUBKEY(file, NULL, no_password, NULL);
        done = key && X509_PUBKEY_set(&wrapped, key) && write_pin(pin, wrapped);
        X509_PUBKEY_free(wrapped);
        EVP_PKEY_free(key);
    }
    X509_free(certificate);
    BIO_free(file);
    return done;
}
