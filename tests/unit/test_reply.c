/* The reply reader: documents in every member order, in pieces of every size, whole and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "service/ahead.h"
#include "../fuzz/fake_transport.h"

#define A  "{\"columnLabel\":\"a\",\"dataType\":5}"
#define AB "\"schema\":[" A ",{\"columnName\":\"b\",\"columnLabel\":\"\",\"dataType\":7}]"

/* `seen`: what the reader delivers: results in parentheses, `#n` a count, cells by commas, rows by `|`, `$`
 * the end without error, `!STATE` a failure. */
struct reply_case {
    const char *name;
    const char *json;
    const char *seen;
};

static const struct reply_case cases[] = {
    {"newer order", "{\"results\":[{\"affectedRows\":-1," AB ",\"rows\":[[\"x\",1],[null,-2.5e3]]}]}",
     "(x,1|N,-2.5e3|)$"},
    {"older order", "{\"results\":[{" AB ",\"rows\":[[\"x\",1]],\"affectedRows\":-1}]}", "(x,1|)$"},
    {"rows before schema", "{\"results\":[{\"rows\":[[\"x\",1],[\"y\",2]]," AB "}]}", "(x,1|y,2|)$"},
    {"no rows", "{\"results\":[{" AB ",\"rows\":[]}]}", "()$"},
    {"rows null", "{\"results\":[{" AB ",\"rows\":null}]}", "()$"},
    {"blanks everywhere", " { \"results\" : [ { " AB " , \"rows\" : [ [ \"x\" , 1 ] , [ \"y\" , 2 ] ] } ] } ",
     "(x,1|y,2|)$"},
    {"a count", "{\"results\":[{\"affectedRows\":7}]}", "#7$"},
    {"a count in other letter case, quoted", "{\"RESULTS\":[{\"AffectedRows\":\"7\"}]}", "#7$"},
    {"several results",
     "{\"results\":[{\"affectedRows\":1},{" AB ",\"rows\":[[\"x\",1]]},{\"affectedRows\":2}]}",
     "#1(x,1|)#2$"},
    {"schema empty is a count", "{\"results\":[{\"schema\":[],\"rows\":[],\"affectedRows\":3}]}", "#3$"},
    {"results null", "{\"results\":null,\"error\":null}", "$"},
    {"nothing", "{}", "$"},
    {"unknown members",
     "{\"x\":{\"y\":[1,{\"z\":\"]}\"}]},\"results\":[{\"q\":[[]]," AB
     ",\"w\":1,\"rows\":[[\"x\",1]],\"v\":{}}]}",
     "(x,1|)$"},
    {"escapes stay in the cell", "{\"results\":[{" AB ",\"rows\":[[\"q\\\"\\\\\\u00e9\",true]]}]}",
     "(q\\\"\\\\\\u00e9,true|)$"},
    {"compound cell", "{\"results\":[{" AB ",\"rows\":[[[1,{\"k\":\"]\"}],false]]}]}",
     "([1,{\"k\":\"]\"}],false|)$"},
    {"error alone", "{\"error\":{\"code\":\"QUERY_FAILED\",\"message\":\"m\"}}", "!HY000"},
    {"error after rows",
     "{\"results\":[{" AB ",\"rows\":[[\"x\",1]]}],\"error\":{\"code\":5,\"message\":\"m\"}}", "(x,1|!HY000"},
    {"error after a count", "{\"results\":[{\"affectedRows\":1}],\"error\":\"m\"}", "#1!HY000"},
    {"error before results", "{\"error\":{\"message\":\"m\"},\"results\":[{" AB ",\"rows\":[[\"x\",1]]}]}",
     "(x,1|!HY000"},
    {"bare error, message beside", "{\"error\":\"INVALID_AUTHORIZATION\",\"message\":\"m\"}", "!28000"},
    {"table not found", "{\"error\":{\"code\":\"QUERY_FAILED\",\"message\":\"Table 'x' does not exist\"}}",
     "!42S02"},
    {"cut in a row", "{\"results\":[{" AB ",\"rows\":[[\"x\",1],[\"y\"", "(x,1|!08S01"},
    {"cut in a string", "{\"results\":[{" AB ",\"rows\":[[\"x\",1],[\"y", "(x,1|!08S01"},
    {"cut behind the rows", "{\"results\":[{" AB ",\"rows\":[[\"x\",1]]", "(x,1|!08S01"},
    {"cut before the last brace", "{\"results\":[{" AB ",\"rows\":[[\"x\",1]]}]", "(x,1|!08S01"},
    {"too many cells", "{\"results\":[{" AB ",\"rows\":[[\"x\",1,2]]}]}", "(!08S01"},
    {"too few cells", "{\"results\":[{" AB ",\"rows\":[[\"x\",1],[\"x\"]]}]}", "(x,1|!08S01"},
    {"empty row", "{\"results\":[{" AB ",\"rows\":[[]]}]}", "(!08S01"},
    {"comma before the end of a row", "{\"results\":[{" AB ",\"rows\":[[\"x\",]]}]}", "(!08S01"},
    {"rows without comma", "{\"results\":[{" AB ",\"rows\":[[\"x\",1][\"y\",2]]}]}", "(x,1|!08S01"},
    {"control character in a string", "{\"results\":[{" AB ",\"rows\":[[\"x\n\",1]]}]}", "(!08S01"},
    {"text behind the document", "{\"results\":[{" AB ",\"rows\":[[\"x\",1]]}]}  x", "(x,1|!08S01"},
    {"not JSON", "hello", "!08S01"},
    {"a list", "[1]", "!08S01"},
    {"empty body", "", "!08S01"},
    {"a bad word", "{\"results\":[{" AB ",\"rows\":[[\"x\",nul]]}]}", "(!08S01"},
    {"schema is no list", "{\"results\":[{\"schema\":5,\"rows\":[]}]}", "!08S01"},
};

enum { MOST_OF_A_BATCH = 3 };

static void add_cell(struct ca_buffer *seen, const struct ca_cell *cell)
{
    if (cell->kind == CA_CELL_NULL)
        ca_buffer_add_text(seen, "N");
    else
        ca_buffer_add(seen, cell->text, cell->octets);
}

static void add_row(struct ca_buffer *seen, const struct ca_cell *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        ca_buffer_add_text(seen, i ? "," : "");
        add_cell(seen, &cells[i]);
    }
    ca_buffer_add_char(seen, '|');
}

/* The rows in batches. A kept row must read the same again. */
static void read_rows(struct ca_reply *reply, size_t batch, struct ca_buffer *seen)
{
    enum ca_next next = CA_NEXT_READ;
    unsigned width = reply->columns.count;
    ca_buffer_add_char(seen, '(');
    while (next == CA_NEXT_READ) {
        size_t offsets[MOST_OF_A_BATCH];
        size_t count;
        ca_reply_keep(reply);
        next = ca_reply_next_rows(reply, batch, offsets, &count);
        size_t start = seen->length;
        for (size_t row = 0; row < count; row++)
            add_row(seen, reply->cells + row * width, width);
        struct ca_buffer again = CA_BUFFER_INIT(1 << 16);
        for (size_t row = 0; row < count; row++) {
            assert_true(ca_reply_reread(reply, offsets[row]));
            add_row(&again, reply->cells, width);
        }
        if (again.length)
            assert_string_equal(ca_buffer_text(&again), ca_buffer_text(seen) + start);
        ca_buffer_free(&again);
    }
    if (next == CA_NEXT_END)
        ca_buffer_add_char(seen, ')');
}

/* How the reader is fed, and how it reads. */
struct way {
    size_t piece; /* octets that arrive at once; 0 = all */
    bool gzip;
    bool narrow; /* 16 octets at a time, or one */
    size_t batch;
};

static void read_case(const struct reply_case *c, const struct way *way, const char *data, size_t octets)
{
    struct ca_reply reply;
    struct ca_buffer seen = CA_BUFFER_INIT(1 << 16);
    char label[128];
    fake_body = (struct fake_body){.data = data, .octets = octets, .piece = way->piece, .gzip = way->gzip};
    ca_reply_init(&reply);
    reply.wide &= !way->narrow;
    if (fake_reply_open(&reply, 1 << 20)) {
        while (ca_reply_next_result(&reply) == CA_NEXT_READ) {
            if (reply.has_columns)
                read_rows(&reply, way->batch, &seen);
            else
                ca_buffer_add_format(&seen, "#%lld", (long long)reply.affected);
        }
    }
    if (ca_error_is_set(&reply.error))
        ca_buffer_add_format(&seen, "!%s", reply.error.state);
    else
        ca_buffer_add_char(&seen, '$');
    snprintf(label, sizeof label, "%s, pieces of %zu%s%s, rows by %zu: ", c->name, way->piece,
             way->gzip ? ", gzip" : "", way->narrow ? ", narrow" : "", way->batch);
    if (strcmp(ca_buffer_text(&seen), c->seen) != 0)
        fail_msg("%s saw %s, not %s", label, ca_buffer_text(&seen), c->seen);
    ca_buffer_free(&seen);
    ca_reply_free(&reply);
}

static void test_every_case_in_pieces_of_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t piece = 0; piece < 40; piece++)
            for (int narrow = 0; narrow < 2; narrow++)
                for (size_t batch = 1; batch <= MOST_OF_A_BATCH; batch++) {
                    struct way way = {piece, false, narrow, batch};
                    read_case(&cases[i], &way, cases[i].json, strlen(cases[i].json));
                }
}

static void test_every_whole_document_compressed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char packed[4096];
        z_stream z = {0};
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        z.next_in = (unsigned char *)(uintptr_t)cases[i].json;
        z.avail_in = (unsigned)strlen(cases[i].json);
        z.next_out = packed;
        z.avail_out = sizeof packed;
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        for (size_t piece = 0; piece < 8; piece++)
            read_case(&cases[i], &(struct way){piece, true, false, 2}, (char *)packed, z.total_out);
        deflateEnd(&z);
    }
}

/* What the body's end brings moves the window once more. */
static void test_the_last_rows_stay_when_the_body_ends(void **state)
{
    struct ca_reply reply;
    struct ca_buffer json = CA_BUFFER_INIT(1 << 20);
    size_t offsets[MOST_OF_A_BATCH];
    size_t count;
    (void)state;
    ca_buffer_add_text(&json, "{\"results\":[{" AB ",\"rows\":[");
    for (int row = 0; row < 4; row++)
        ca_buffer_add_format(&json, "%s[\"%0*d\",%d]", row ? "," : "", row < 3 ? 12000 : 20000, row, row);
    ca_buffer_add_text(&json, "]}]}");
    size_t whole = json.length;
    ca_buffer_add_text(&json, "  ");
    fake_body = (struct fake_body){.data = json.data, .octets = json.length, .piece = whole};
    ca_reply_init(&reply);
    assert_true(fake_reply_open(&reply, 1 << 20));
    assert_int_equal(ca_reply_next_result(&reply), CA_NEXT_READ);
    ca_reply_keep(&reply);
    assert_int_equal(ca_reply_next_rows(&reply, 3, offsets, &count), CA_NEXT_READ);
    ca_reply_keep(&reply);
    assert_int_equal(ca_reply_next_rows(&reply, 3, offsets, &count), CA_NEXT_END);
    assert_int_equal(count, 1);
    assert_int_equal(reply.cells[0].octets, 20000);
    assert_int_equal(reply.cells[0].text[19999], '3');
    assert_int_equal(reply.cells[0].text[20000], '"');
    assert_true(reply.cells[0].text + 20000 < reply.stream.window.data + reply.stream.window.end);
    ca_reply_free(&reply);
    ca_buffer_free(&json);
}

static void test_a_row_over_the_limit_is_an_error(void **state)
{
    struct ca_reply reply;
    struct ca_buffer json = CA_BUFFER_INIT(1 << 20);
    (void)state;
    ca_buffer_add_text(&json, "{\"results\":[{" AB ",\"rows\":[[\"x\",1],[\"");
    for (int i = 0; i < 20000; i++)
        ca_buffer_add_char(&json, 'x');
    ca_buffer_add_text(&json, "\",2]]}]}");
    fake_body = (struct fake_body){.data = json.data, .octets = json.length, .piece = 1000};
    ca_reply_init(&reply);
    assert_true(fake_reply_open(&reply, 4096));
    assert_int_equal(ca_reply_next_result(&reply), CA_NEXT_READ);
    assert_int_equal(ca_reply_next_row(&reply), CA_NEXT_READ);
    ca_reply_keep(&reply);
    assert_int_equal(ca_reply_next_row(&reply), CA_NEXT_FAILED);
    assert_string_equal(reply.error.state, "HY000");
    assert_non_null(strstr(reply.error.text, "MaxRowBytes"));
    ca_reply_free(&reply);
    ca_buffer_free(&json);
}

/* Reads all there is; the state of the error, "" for none. */
static const char *read_flood(struct ca_reply *reply, const struct ca_buffer *json, size_t most_row)
{
    size_t offsets[MOST_OF_A_BATCH];
    size_t count;
    fake_body = (struct fake_body){.data = json->data, .octets = json->length, .piece = 1000};
    ca_reply_init(reply);
    if (fake_reply_open(reply, most_row))
        while (ca_reply_next_result(reply) == CA_NEXT_READ)
            while (reply->has_columns &&
                   ca_reply_next_rows(reply, MOST_OF_A_BATCH, offsets, &count) == CA_NEXT_READ)
                ca_reply_keep(reply);
    return ca_error_is_set(&reply->error) ? reply->error.state : "";
}

/* Members in front of the results are forgotten, and there may not be endlessly many behind the rows. */
static void test_floods_of_members_are_bounded(void **state)
{
    struct ca_reply reply;
    (void)state;
    for (int behind = 0; behind < 2; behind++) {
        struct ca_buffer json = CA_BUFFER_INIT(1 << 22);
        const char *rows = "\"results\":[{" AB ",\"rows\":[[\"x\",1]]}]";
        ca_buffer_add_format(&json, "{%s", behind ? rows : "\"x\":1");
        for (int i = 0; i < 200000; i++)
            ca_buffer_add_text(&json, ",\"x\":1");
        ca_buffer_add_format(&json, "%s%s}", behind ? "" : ",", behind ? "" : rows);
        assert_string_equal(read_flood(&reply, &json, 65536), behind ? "HY000" : "");
        assert_true(reply.stream.window.capacity <= 512 * 1024);
        ca_reply_free(&reply);
        ca_buffer_free(&json);
    }
}

/* The check sum comes when the document is closed already. */
static void test_a_damaged_end_of_compressed_data_is_an_error(void **state)
{
    struct ca_reply reply;
    unsigned char packed[4096];
    const char *json = "{\"results\":[{" AB ",\"rows\":[[\"x\",1]]}]}";
    (void)state;
    for (size_t last = 1; last <= 8; last++) {
        z_stream z = {.next_in = (unsigned char *)(uintptr_t)json,
                      .avail_in = (unsigned)strlen(json),
                      .next_out = packed,
                      .avail_out = sizeof packed};
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        deflateEnd(&z);
        packed[z.total_out - 8] ^= 1; /* of the check sum */
        struct ca_buffer body = CA_BUFFER_INIT(4096);
        ca_buffer_add(&body, packed, z.total_out);
        fake_body = (struct fake_body){
            .data = body.data, .octets = body.length, .piece = body.length - last, .gzip = true};
        ca_reply_init(&reply);
        if (fake_reply_open(&reply, 1 << 20))
            while (ca_reply_next_result(&reply) == CA_NEXT_READ)
                ;
        assert_string_equal(reply.error.state, "08S01");
        ca_reply_free(&reply);
        ca_buffer_free(&body);
    }
}

static void test_many_rows_keep_the_window_small(void **state)
{
    struct ca_reply reply;
    struct ca_buffer json = CA_BUFFER_INIT(1 << 26);
    (void)state;
    ca_buffer_add_text(&json, "{\"results\":[{" AB ",\"rows\":[");
    for (int i = 0; i < 200000; i++)
        ca_buffer_add_format(&json, "%s[\"row number %d\",%d]", i ? "," : "", i, i);
    ca_buffer_add_text(&json, "]}]}");
    fake_body = (struct fake_body){.data = json.data, .octets = json.length, .piece = 16384};
    ca_reply_init(&reply);
    assert_true(fake_reply_open(&reply, 1 << 20));
    assert_int_equal(ca_reply_next_result(&reply), CA_NEXT_READ);
    int rows = 0;
    for (;; rows++) {
        if (rows % 1000 == 0)
            ca_reply_keep(&reply);
        if (ca_reply_next_row(&reply) != CA_NEXT_READ)
            break;
    }
    assert_int_equal(rows, 200000);
    assert_true(reply.stream.window.capacity <= 512 * 1024);
    ca_reply_free(&reply);
    ca_buffer_free(&json);
}

/* ---- reading ahead ---- */

/* Rows of every length, compound cells, blanks between them, and long rows in the first half. */
static void write_many_rows(struct ca_buffer *json, int shape)
{
    ca_buffer_add_text(json, "{\"results\":[{" AB ",\"rows\":[");
    for (int i = 0; i < 30000; i++) {
        int length = i % 97 + (i % 500 == 499 && i < 15000 ? 100000 + i * 20 : 0) +
                     (i == 4000 || i == 14000 ? 3000000 : 0);
        ca_buffer_add_text(json, i && shape == 1 && i % 7 == 0 ? " ,\n " : i ? "," : "");
        if (i % 11 == 5)
            ca_buffer_add_format(json, "[{\"k\":[%d,\"]}\"]},null]", i);
        else
            ca_buffer_add_format(json, "[\"%0*d\\n\",%d]", length + 1, i, i);
    }
    ca_buffer_add_text(json, shape == 2 ? ",[1,2,3],[\"x\",1]]}]}" : "]}]}");
    if (shape == 3)
        json->length -= json->length / 3;
}

static uint64_t mix(uint64_t digest, const char *text, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        digest = (digest ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    return (digest ^ octets) * UINT64_C(0x100000001B3);
}

struct reading {
    uint64_t digest;
    size_t rows;
    size_t window; /* largest at the end, where all rows are short */
    bool ahead;    /* was read ahead */
    char state[6];
};

/* Rowsets of growing size; a row of each is read again. */
static struct reading read_many_rows(size_t rowset)
{
    struct reading seen = {.digest = 1};
    struct ca_reply reply;
    size_t offsets[CA_REPLY_ROWS_MOST];
    enum ca_next next = CA_NEXT_READ;
    ca_reply_init(&reply);
    assert_true(fake_reply_open(&reply, 1 << 24));
    assert_int_equal(ca_reply_next_result(&reply), CA_NEXT_READ);
    while (next == CA_NEXT_READ) {
        size_t first = 0;
        ca_reply_keep(&reply);
        for (size_t done = 0, count = 0; done < rowset && next == CA_NEXT_READ; done += count) {
            next = ca_reply_next_rows(&reply, rowset - done, offsets, &count);
            assert_true(count || next != CA_NEXT_READ);
            first = done ? first : offsets[0];
            for (size_t i = 0; i < 2 * count; i++)
                seen.digest = mix(seen.digest, reply.cells[i].text, reply.cells[i].octets);
            seen.rows += count;
        }
        if (next == CA_NEXT_READ && ca_reply_reread(&reply, first))
            seen.digest = mix(seen.digest, reply.cells[0].text, reply.cells[0].octets);
        seen.ahead |= reply.stream.ahead != NULL;
        if (seen.rows > 25000 && reply.stream.window.capacity > seen.window)
            seen.window = reply.stream.window.capacity;
    }
    memcpy(seen.state, reply.error.state, sizeof seen.state);
    ca_reply_free(&reply);
    return seen;
}

static void test_what_is_read_ahead_is_the_same(void **state)
{
    static const size_t pieces[] = {1448, 50000, 400000};
    static const size_t rowsets[] = {1, 100, 5000};
    static const char *const states[] = {"", "", "08S01", "08S01"};
    (void)state;
    for (int shape = 0; shape < 4; shape++) {
        struct ca_buffer json = CA_BUFFER_INIT(1 << 26);
        write_many_rows(&json, shape);
        assert_true(json.length > 2 * CA_AHEAD_WORTH_OCTETS);
        for (size_t i = 0; i < 9; i++) {
            struct fake_body body = {.data = json.data, .octets = json.length, .piece = pieces[i % 3]};
            fake_body = body;
            struct reading here = read_many_rows(rowsets[i / 3]);
            body.ahead = true;
            fake_body = body;
            struct reading ahead = read_many_rows(rowsets[i / 3]);
            assert_true(ahead.ahead || sysconf(_SC_NPROCESSORS_ONLN) == 1);
            assert_false(here.ahead);
            assert_true(here.rows == ahead.rows && here.digest == ahead.digest);
            assert_string_equal(here.state, states[shape]);
            assert_string_equal(ahead.state, states[shape]);
            assert_true(ahead.window <= 2 * CA_AHEAD_WORTH_OCTETS);
        }
        ca_buffer_free(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_case_in_pieces_of_every_size),
        cmocka_unit_test(test_every_whole_document_compressed),
        cmocka_unit_test(test_the_last_rows_stay_when_the_body_ends),
        cmocka_unit_test(test_a_row_over_the_limit_is_an_error),
        cmocka_unit_test(test_floods_of_members_are_bounded),
        cmocka_unit_test(test_a_damaged_end_of_compressed_data_is_an_error),
        cmocka_unit_test(test_many_rows_keep_the_window_small),
        cmocka_unit_test(test_what_is_read_ahead_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
