/* What the readers of text files ask of bytes before they read them. */
#ifndef HL_BASE_TEXT_H
#define HL_BASE_TEXT_H

#include <stddef.h>

/* NULL when `size` bytes are UTF-8 (RFC 3629) without NUL; else what is wrong, and *at is the offset of the first wrong
 * byte. */
const char *hl_text_fault(const char *bytes, size_t size, size_t *at);

/* The 1-based line and column (in bytes) of the byte at offset `at`; lines end in LF, CR or CRLF. */
void hl_text_place(const char *bytes, size_t at, int *line, int *column);

/* The length of the UTF-8 byte-order mark at the beginning: 3 or 0. */
size_t hl_text_mark(const char *bytes, size_t size);

#endif
