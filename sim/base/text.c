#include "base/text.h"

#include <string.h>

/* The length of the UTF-8 character at `byte`, 0 when it is not one. Source: RFC 3629, section 4. */
static size_t character_length(const unsigned char *byte, size_t left) {
    if (byte[0] < 0x80)
        return 1;
    size_t length = byte[0] >= 0xc2 && byte[0] < 0xe0 ? 2 : (byte[0] & 0xf0) == 0xe0 ? 3 : 4;
    if (byte[0] < 0xc2 || byte[0] > 0xf4 || left < length)
        return 0;
    unsigned char lowest = byte[0] == 0xe0 ? 0xa0 : byte[0] == 0xf0 ? 0x90 : 0x80;  /* no longer form than needed */
    unsigned char highest = byte[0] == 0xed ? 0x9f : byte[0] == 0xf4 ? 0x8f : 0xbf; /* no surrogates, no 0x110000 */
    if (byte[1] < lowest || byte[1] > highest)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

const char *hl_text_fault(const char *bytes, size_t size, size_t *at) {
    for (size_t i = 0; i < size;) {
        size_t length = character_length((const unsigned char *)bytes + i, size - i);
        if (bytes[i] == '\0' || length == 0) {
            *at = i;
            return length ? "a NUL byte: the file is not text" : "not UTF-8: save the file as UTF-8";
        }
        i += length;
    }
    return NULL;
}

void hl_text_place(const char *bytes, size_t at, int *line, int *column) {
    *line = 1;
    size_t line_start = 0;
    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) {
            ++*line;
            line_start = i + 1;
        }
    }
    *column = (int)(at - line_start) + 1;
}

size_t hl_text_mark(const char *bytes, size_t size) {
    return size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}
