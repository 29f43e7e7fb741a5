/* The browser flow (RFC 6749 section 4.1, with RFC 7636 and RFC 8252): the browser signs in at the authority
 * and comes back to a port of this machine with a code, which the proof of who asked for it turns into a
 * token. */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "data/base64.h"
#include "command.h"
#include "loopback.h"
#include "service/auth_oauth.h"
#include "service/request.h"

enum { RANDOM_OCTETS = 32, SIGN_IN_MS = 300000, LONGEST_ADDRESS = 65536 };

extern char **environ;

/* What proves that answer and request belong together. Texts in base64url. */
struct proof {
    struct ca_buffer state;
    struct ca_buffer verifier;
    struct ca_buffer challenge; /* S256 of the verifier */
};

static void free_proof(struct proof *proof)
{
    ca_buffer_free(&proof->state);
    ca_buffer_free(&proof->verifier);
    ca_buffer_free(&proof->challenge);
}

static bool make_proof(struct proof *proof, struct ca_error *error)
{
    unsigned char raw[2 * RANDOM_OCTETS];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned octets = 0;
    bool done =
        RAND_bytes(raw, sizeof raw) == 1 && ca_base64url_write(&proof->state, raw, RANDOM_OCTETS) &&
        ca_base64url_write(&proof->verifier, raw + RANDOM_OCTETS, RANDOM_OCTETS) &&
        EVP_Digest(proof->verifier.data, proof->verifier.length, digest, &octets, EVP_sha256(), NULL) == 1 &&
        ca_base64url_write(&proof->challenge, digest, octets);
    ca_wipe(raw, sizeof raw);
    return done || ca_error_set(error, "HY000", 0, "no random numbers can be had here.");
}

static bool write_address(struct ca_buffer *url, const struct ca_options *options, const struct proof *proof,
                          const char *redirect, struct ca_error *error)
{
    struct ca_transport checked = {0};
    /* The address is held to the rules of all others, though only the browser goes there. */
    bool good = ca_transport_init(&checked, options, CA_OPTION_OAUTH_AUTHORIZE_URL, "", error);
    if (good)
        ca_buffer_add_text(url, checked.base);
    ca_transport_free(&checked);
    if (!good)
        return false;
    ca_address_add(url, "response_type", "code");
    ca_address_add(url, "client_id", ca_option_text(options, CA_OPTION_OAUTH_CLIENT_ID));
    ca_address_add(url, "redirect_uri", redirect);
    ca_address_add(url, "scope", ca_option_text(options, CA_OPTION_OAUTH_SCOPE));
    if (*ca_option_text(options, CA_OPTION_OAUTH_AUDIENCE))
        ca_address_add(url, "audience", ca_option_text(options, CA_OPTION_OAUTH_AUDIENCE));
    ca_address_add(url, "state", ca_buffer_text(&proof->state));
    ca_address_add(url, "code_challenge", ca_buffer_text(&proof->challenge));
    ca_address_add(url, "code_challenge_method", "S256");
    return !url->failure || ca_error_no_memory(error);
}

/* Opens it in the desktop's browser, if there is one; the address is printed in any case. */
static void open_browser(const char *url, bool wanted)
{
    pid_t child;
    char program[] = "xdg-open";
    char *address = ca_strdup(url);
    char *arguments[] = {program, address, NULL};
    bool desktop = getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
    printf("Sign in with this address in a browser of this machine:\n    ");
    ca_print_plain(url);
    puts("\nWaiting ...");
    fflush(stdout);
    posix_spawn_file_actions_t quiet;
    if (wanted && desktop && address && posix_spawn_file_actions_init(&quiet) == 0) {
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1 /* O_WRONLY */, 0);
        posix_spawn_file_actions_adddup2(&quiet, 1, 2);
        posix_spawnp(&child, program, &quiet, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&quiet);
    }
    ca_free(address);
}

static bool redeem(const struct ca_options *options, const struct ca_transport *authority, const char *code,
                   const char *redirect, const struct proof *proof, struct ca_token *token,
                   struct ca_error *error)
{
    const struct ca_wait wait = {.deadline = CA_NO_DEADLINE};
    struct ca_buffer form;
    bool done = ca_oauth_form(&form, options, "authorization_code", error);
    ca_oauth_form_add(&form, "code", code);
    ca_oauth_form_add(&form, "redirect_uri", redirect);
    ca_oauth_form_add(&form, "code_verifier", ca_buffer_text(&proof->verifier));
    done = done && ca_oauth_ask(authority, &form, true, &wait, token, error) == CA_OAUTH_GRANTED;
    ca_buffer_free(&form);
    return done;
}

bool ca_sign_in_by_browser(const struct ca_options *options, const struct ca_transport *authority,
                           const struct ca_arguments *arguments, struct ca_token *token,
                           struct ca_error *error)
{
    struct proof proof = {.state = CA_BUFFER_INIT_SECRET(LONGEST_ADDRESS),
                          .verifier = CA_BUFFER_INIT_SECRET(LONGEST_ADDRESS),
                          .challenge = CA_BUFFER_INIT(LONGEST_ADDRESS)};
    struct ca_buffer url = CA_BUFFER_INIT(LONGEST_ADDRESS);
    char *code = NULL;
    struct ca_loopback loopback;
    if (!ca_loopback_open(&loopback, arguments->port, error))
        return false;
    bool done = make_proof(&proof, error) && write_address(&url, options, &proof, loopback.address, error);
    if (done) {
        open_browser(url.data, !arguments->no_browser);
        code = ca_loopback_wait(&loopback, ca_buffer_text(&proof.state), SIGN_IN_MS, error);
        done = code && redeem(options, authority, code, loopback.address, &proof, token, error);
    }
    ca_loopback_close(&loopback);
    ca_free_secret(code);
    free_proof(&proof);
    ca_buffer_free(&url);
    return done;
}
