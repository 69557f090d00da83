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

/* A file being written under a temporary name beside its final one. A zeroed struct is none. */
struct hl_output {
    FILE *stream; /* write here; NULL once all is written */
    char *path;
    char *temporary;
    int descriptor;       /* of the temporary file; -1 once it is synced */
    struct hl_sink *sink; /* where the stream's bytes go */
};

HL_MUST_CHECK enum hl_status hl_output_open(struct hl_output *out, const char *folder, const char *name,
                                            struct hl_error *err);

/* Ends the writing of a file that hl_outputs_close will close, and lets the system begin to store it. */
HL_MUST_CHECK enum hl_status hl_output_end(struct hl_output *out, struct hl_error *err);

/* Closes files of one folder that belong together: syncs all of them, then renames them one by one, then syncs the
 * folder. Until all are synced nothing is renamed: a failure to write leaves all old files as they are. On any failure
 * the temporary files are removed and HL_FAILED names the path and the system's reason for the first that failed. */
HL_MUST_CHECK enum hl_status hl_outputs_close(struct hl_output *outputs, size_t count, struct hl_error *err);
HL_MUST_CHECK enum hl_status hl_output_close(struct hl_output *out, struct hl_error *err); /* one alone */
void hl_output_discard(struct hl_output *out);                                             /* gives up, at any time */

/* Makes a folder and its parents; fine when it is there. Temporary files that a killed process of this machine left in
 * it are removed. */
HL_MUST_CHECK enum hl_status hl_folder_make(const char *path, struct hl_error *err);

/* SHA-256 as 64 hexadecimal digits and a NUL (by nettle). */
void hl_sha256(char out[65], const void *bytes, size_t size);

#endif
