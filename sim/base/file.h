/* Files: read whole, written whole. */
#ifndef HL_BASE_FILE_H
#define HL_BASE_FILE_H

#include "base/arena.h"
#include "base/status.h"

#include <stddef.h>
#include <stdio.h>

/* Reads a file of at most `most` bytes into `arena` (NUL added after the last byte, not counted). A missing, unreadable
 * or too large file, or one that is not a regular file, is HL_INVALID and names the file. */
HL_MUST_CHECK enum hl_status hl_file_read(char **bytes, size_t *size, struct hl_arena *arena, const char *path,
                                          size_t most, struct hl_error *err);

/* A file being written under a temporary name beside its final one. */
struct hl_output {
    FILE *stream; /* write here */
    char *path;
    char *temporary;
    struct hl_sink *sink; /* where the stream's bytes go */
};

/* hl_output_close syncs the file, renames it and syncs its folder when nothing failed; on any failure the temporary
 * file is removed, the old file stays and HL_FAILED names the path and the system's reason for the first write that
 * failed. hl_output_discard gives up. */
HL_MUST_CHECK enum hl_status hl_output_open(struct hl_output *out, const char *folder, const char *name,
                                            struct hl_error *err);
HL_MUST_CHECK enum hl_status hl_output_close(struct hl_output *out, struct hl_error *err);
void hl_output_discard(struct hl_output *out);

/* Makes a folder and its parents; fine when it is there. */
HL_MUST_CHECK enum hl_status hl_folder_make(const char *path, struct hl_error *err);

/* SHA-256 as 64 hexadecimal digits and a NUL (by nettle). */
void hl_sha256(char out[65], const void *bytes, size_t size);

#endif
