#include "service/refusal.h"

#include <string.h>

#include "base/text.h"
#include "service/document.h"

enum { LONGEST_REFUSAL = 64 * 1024 }; /* of an answer with an error status that is read */

/* Services have been seen to quote what they were sent. */
static void mask_credentials(struct ca_reply *reply)
{
    const struct ca_credential *credential = reply->credential;
    if (!credential)
        return;
    ca_text_mask(reply->error.text, strrchr(credential->header, ' ') + 1);
    ca_text_mask(reply->error.text, credential->secret);
}

void ca_reply_fail_with_error(struct ca_reply *reply)
{
    struct json_object *object = NULL;
    struct json_object *beside = NULL;
    struct ca_transfer *transfer = ca_stream_settle(&reply->stream);
    struct ca_failure failure = ca_transfer_facts(transfer);
    if (reply->error_json.length)
        ca_json_parse(reply->error_json.data, reply->error_json.length, &object);
    if (reply->message_json.length)
        ca_json_parse(reply->message_json.data, reply->message_json.length, &beside);
    if (json_object_is_type(object, json_type_object)) {
        failure.code = ca_json_text(ca_json_member(object, "code"));
        failure.message = ca_json_text(ca_json_member(object, "message"));
    } else if (beside) {
        failure.code = ca_json_text(object);
    } else {
        failure.message = ca_json_text(object);
    }
    if (beside && !(failure.message && *failure.message))
        failure.message = ca_json_text(beside);
    transfer->retry = ca_failure_of_service(&failure, &reply->error);
    mask_credentials(reply);
    json_object_put(object);
    json_object_put(beside);
}

bool ca_reply_refuse(struct ca_reply *reply)
{
    struct ca_stream *stream = &reply->stream;
    struct ca_failure failure = ca_transfer_facts(&reply->stream.content.transfer);
    struct json_object *document = NULL;
    size_t moved;
    while (stream->window.end < LONGEST_REFUSAL &&
           ca_stream_more(stream, &moved, &reply->error) == CA_PULL_DATA)
        ;
    ca_error_clear(&reply->error);
    stream->content.transfer.retry = CA_RETRY_NEVER; /* an answer, no passing failure */
    reply->place = CA_REPLY_FINISHED;
    if (failure.status >= 300 && failure.status < 400) {
        ca_failure_of_reply(&failure, "it redirects to another address, which the driver does not follow.",
                            &reply->error);
        return false;
    }
    if (failure.status < 300) {
        ca_failure_of_reply(&failure, "it answers with a web page instead of JSON.", &reply->error);
        return false;
    }
    bool json =
        !stream->content.transfer.html && ca_json_parse(stream->window.data, stream->window.end, &document);
    struct json_object *error = json ? ca_json_member(document, "error") : NULL;
    struct json_object *message = json ? ca_json_member(document, "message") : NULL;
    if (error)
        ca_buffer_add_text(&reply->error_json, json_object_to_json_string(error));
    if (message)
        ca_buffer_add_text(&reply->message_json, json_object_to_json_string(message));
    json_object_put(document);
    ca_reply_fail_with_error(reply);
    return false;
}
