#include "loopback.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"

enum { BACKLOG = 8, LONGEST_HEAD = 16384, HEAD_MS = 5000, LONGEST_POLL_MS = 60000 };

static const char path[] = "/callback";

bool ca_loopback_open(struct ca_loopback *loopback, int port, struct ca_error *error)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t octets = sizeof address;
    int again = 1; /* a port that was just in use is free */
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    loopback->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (loopback->socket >= 0 &&
        setsockopt(loopback->socket, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again) == 0 &&
        bind(loopback->socket, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(loopback->socket, BACKLOG) == 0 &&
        getsockname(loopback->socket, (struct sockaddr *)&address, &octets) == 0) {
        snprintf(loopback->address, sizeof loopback->address, "http://127.0.0.1:%u%s",
                 ntohs(address.sin_port), path);
        return true;
    }
    ca_error_set(error, "HY000", 0, "port %d of 127.0.0.1 cannot be listened on: %s", port, strerror(errno));
    ca_loopback_close(loopback);
    return false;
}

void ca_loopback_close(struct ca_loopback *loopback)
{
    if (loopback->socket >= 0)
        close(loopback->socket);
    loopback->socket = -1;
}

static bool readable(int descriptor, int64_t deadline)
{
    struct pollfd waited = {.fd = descriptor, .events = POLLIN};
    for (;;) {
        int left = ca_deadline_left(deadline, LONGEST_POLL_MS);
        int ready = poll(&waited, 1, left);
        if (ready > 0)
            return true;
        if (left == 0 || (ready < 0 && errno != EINTR))
            return false;
    }
}

/* Reads the head of a request; false if it is none, or slow, or too long. */
static bool read_head(int client, struct ca_buffer *head)
{
    int64_t deadline = ca_deadline_after(HEAD_MS);
    while (!strstr(ca_buffer_text(head), "\r\n\r\n")) {
        char piece[1024];
        ssize_t octets = readable(client, deadline) ? recv(client, piece, sizeof piece, 0) : 0;
        if (octets <= 0 || memchr(piece, '\0', (size_t)octets) || !ca_buffer_add(head, piece, (size_t)octets))
            return false;
    }
    return true;
}

/* A member of the query string, decoded, for the caller to free; NULL if it is not there. */
static char *query_member(const char *query, size_t octets, const char *name)
{
    size_t length = strlen(name);
    char *copy = NULL;
    for (size_t at = 0; at < octets && !copy; at++) {
        size_t pair = strcspn(query + at, "& ");
        if (strncmp(query + at, name, length) == 0 && query[at + length] == '=') {
            char *encoded = ca_strndup(query + at + length + 1, pair - length - 1);
            char *decoded = encoded ? curl_easy_unescape(NULL, encoded, 0, NULL) : NULL;
            copy = decoded ? ca_strdup(decoded) : NULL;
            curl_free(decoded);
            ca_free_secret(encoded);
        }
        at += pair;
    }
    return copy;
}

static void answer(int client, const char *status, const char *text)
{
    char page[1024];
    int octets =
        snprintf(page, sizeof page,
                 "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                 "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n<!DOCTYPE "
                 "html><html><head><title>Connect AI"
                 "</title></head><body><p>%s</p></body></html>\n",
                 status, text);
    if (octets > 0)
        send(client, page, (size_t)octets, MSG_NOSIGNAL);
    shutdown(client, SHUT_WR);
}

/* Serves one request; true where it ended the sign-in, with the code or the error. */
static bool serve(int client, const char *state, char **code, struct ca_error *error)
{
    struct ca_buffer head = CA_BUFFER_INIT_SECRET(LONGEST_HEAD);
    static const char begin[] = "GET /callback?";
    bool ended = false;
    if (!read_head(client, &head) || strncmp(head.data, begin, sizeof begin - 1) != 0) {
        answer(client, "404 Not Found", "There is nothing here.");
        ca_buffer_free(&head);
        return false;
    }
    const char *query = head.data + sizeof begin - 1;
    size_t octets = strcspn(query, " \r\n");
    char *given = query_member(query, octets, "state");
    char *refusal = query_member(query, octets, "error");
    *code = query_member(query, octets, "code");
    if (!given || strcmp(given, state) != 0) {
        answer(client, "400 Bad Request", "This answer belongs to another sign-in.");
        ca_free_secret(*code);
        *code = NULL;
    } else if (*code) {
        answer(client, "200 OK", "You are signed in. This window can be closed.");
        ended = true;
    } else {
        answer(client, "200 OK", "You are not signed in. This window can be closed.");
        ca_error_set(error, "28000", 0, "The sign-in was refused: %s",
                     refusal ? refusal : "no reason is given");
        ended = true;
    }
    ca_free_secret(given);
    ca_free(refusal);
    ca_buffer_free(&head);
    return ended;
}

char *ca_loopback_wait(struct ca_loopback *loopback, const char *state, int64_t ms, struct ca_error *error)
{
    int64_t deadline = ca_deadline_after(ms);
    char *code = NULL;
    bool ended = false;
    while (!ended && readable(loopback->socket, deadline)) {
        int client = accept4(loopback->socket, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0)
            continue;
        ended = serve(client, state, &code, error);
        close(client);
    }
    if (!ended)
        ca_error_set(error, "HYT00", 0, "Nobody signed in within %lld minutes.", (long long)(ms / 60000));
    return code;
}
