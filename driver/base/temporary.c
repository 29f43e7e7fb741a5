#include "base/temporary.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"

enum { LONGEST_NAME = 1 << 16 };

int ca_temporary_file(void)
{
    const char *directory = secure_getenv("TMPDIR");
    struct ca_buffer name = CA_BUFFER_INIT(LONGEST_NAME);
    if (!directory || !*directory)
        directory = "/tmp";
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    /* Not every file system has files without a name. */
    if (file < 0 && ca_buffer_add_format(&name, "%s/connectai-XXXXXX", directory)) {
        file = mkostemp(name.data, O_CLOEXEC);
        if (file >= 0)
            unlink(name.data);
    }
    ca_buffer_free(&name);
    return file;
}
