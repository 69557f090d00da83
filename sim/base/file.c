#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The system's reason in English, whatever the locale. */
static const char *reason(int error) {
    const char *words = strerrordesc_np(error);
    return words ? words : "unknown error";
}

static enum hl_status refuse(struct hl_error *err, const char *path, const char *what) {
    hl_error_add(err, path, 0, 0, NULL, NULL, "%s", what);
    return HL_INVALID;
}

static enum hl_status refuse_reading(struct hl_error *err, const char *path, int error) {
    hl_error_add(err, path, 0, 0, NULL, NULL, "cannot be read: %s", reason(error));
    return HL_INVALID;
}

/* Reads up to `size` bytes; fewer when the file ends before. The count, or -1 with errno set. */
static ssize_t read_all(int descriptor, char *bytes, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(descriptor, bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Reads an open file, which hl_file_read closes. */
static enum hl_status read_open(char **bytes, size_t *size, struct hl_arena *arena, const char *path, int descriptor,
                                size_t most, struct hl_error *err) {
    struct stat about;
    if (fstat(descriptor, &about) != 0)
        return refuse_reading(err, path, errno);
    if (!S_ISREG(about.st_mode))
        return refuse(err, path, S_ISDIR(about.st_mode) ? "is a folder, not a file" : "is not a regular file");
    if ((uintmax_t)about.st_size > most) {
        hl_error_add(err, path, 0, 0, NULL, NULL, "is too large: %ju bytes, where %zu are allowed",
                     (uintmax_t)about.st_size, most);
        return HL_INVALID;
    }
    char *room = hl_arena_array(arena, (size_t)about.st_size + 1, 1); /* zeroed: the NUL stands */
    if (!room)
        return hl_fail_memory(err);
    ssize_t count = read_all(descriptor, room, (size_t)about.st_size);
    if (count < 0)
        return refuse_reading(err, path, errno);
    *bytes = room;
    *size = (size_t)count;
    return HL_OK;
}

enum hl_status hl_file_read(char **bytes, size_t *size, struct hl_arena *arena, const char *path, size_t most,
                            struct hl_error *err) {
    /* Without O_NONBLOCK the opening of a named pipe would wait for a writer. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return refuse_reading(err, path, errno);
    enum hl_status status = read_open(bytes, size, arena, path, descriptor, most, err);
    close(descriptor);
    return status;
}

/* The descriptor behind a stream. Writing here, and not in the C library, keeps the reason of the first failure. */
struct hl_sink {
    int descriptor;
    int error; /* of the first write that failed; 0 = none */
    char buffer[1 << 16];
};

static ssize_t sink_write(void *cookie, const char *bytes, size_t size) {
    struct hl_sink *sink = cookie;
    for (size_t done = 0; done < size && sink->error == 0;) {
        ssize_t count = write(sink->descriptor, bytes + done, size - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            sink->error = errno;
    }
    return sink->error == 0 ? (ssize_t)size : 0;
}

/* The stream of an open descriptor; NULL with errno set. */
static FILE *open_stream(struct hl_sink *sink) {
    FILE *stream = fopencookie(sink, "w", (cookie_io_functions_t){.write = sink_write});
    if (stream != NULL)
        setvbuf(stream, sink->buffer, _IOFBF, sizeof sink->buffer);
    return stream;
}

static void free_names(struct hl_output *out) {
    free(out->path);
    free(out->temporary);
    free(out->sink);
    *out = (struct hl_output){0};
}

static enum hl_status fail_writing(struct hl_error *err, const char *path, int error) {
    return hl_fail(err, HL_FAILED, "%s: cannot be written: %s", path, reason(error));
}

enum hl_status hl_output_open(struct hl_output *out, const char *folder, const char *name, struct hl_error *err) {
    assert(*name && !strchr(name, '/'));
    *out = (struct hl_output){.sink = calloc(1, sizeof *out->sink)};
    if (asprintf(&out->path, "%s/%s", folder, name) < 0)
        out->path = NULL;
    if (asprintf(&out->temporary, "%s/.%s.%ld.tmp", folder, name, (long)getpid()) < 0)
        out->temporary = NULL;
    if (!out->path || !out->temporary || !out->sink) {
        free_names(out);
        return hl_fail_memory(err);
    }
    int descriptor = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    int error = errno;
    out->sink->descriptor = descriptor;
    if (descriptor >= 0) {
        out->stream = open_stream(out->sink);
        error = errno;
        if (!out->stream) {
            close(descriptor);
            unlink(out->temporary);
        }
    }
    if (out->stream)
        return HL_OK;
    enum hl_status status = fail_writing(err, out->path, error);
    free_names(out);
    return status;
}

/* Makes a renaming last: syncs the folder that holds `path`. 0, or the error number. */
static int sync_folder_of(const char *path) {
    char *copy = strdup(path);
    if (!copy)
        return ENOMEM;
    int descriptor = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = descriptor < 0 ? errno : 0;
    free(copy);
    if (descriptor < 0)
        return error;
    if (fsync(descriptor) != 0 && errno != EINVAL) /* EINVAL: a file system whose folders need no sync */
        error = errno;
    close(descriptor);
    return error;
}

enum hl_status hl_output_close(struct hl_output *out, struct hl_error *err) {
    assert(out->stream);
    /* What has no reason of the system is a stream that could not be written to. */
    int error = ferror(out->stream) || fflush(out->stream) != 0 ? EIO : 0;
    if (out->sink->error)
        error = out->sink->error;
    if (!error && fsync(out->sink->descriptor) != 0)
        error = errno;
    fclose(out->stream);
    if (close(out->sink->descriptor) != 0 && !error)
        error = errno;
    out->stream = NULL;
    if (!error && rename(out->temporary, out->path) != 0)
        error = errno;
    if (error)
        unlink(out->temporary);
    else
        error = sync_folder_of(out->path);
    enum hl_status status = error ? fail_writing(err, out->path, error) : HL_OK;
    free_names(out);
    return status;
}

void hl_output_discard(struct hl_output *out) {
    if (out->stream) {
        fclose(out->stream);
        close(out->sink->descriptor);
        unlink(out->temporary);
    }
    free_names(out);
}

/* Makes one folder; fine when it is there. 0, or the error number. */
static int make_one(const char *path) {
    if (mkdir(path, 0777) == 0)
        return 0;
    int error = errno;
    struct stat about;
    if (stat(path, &about) != 0)
        return error;
    return S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
}

enum hl_status hl_folder_make(const char *path, struct hl_error *err) {
    char *copy = strdup(path);
    if (!copy)
        return hl_fail_memory(err);
    int error = *copy ? 0 : ENOENT;
    for (char *at = copy; *at && !error;) {
        at += strspn(at, "/");
        at += strcspn(at, "/");
        char end = *at;
        *at = '\0';
        error = make_one(copy);
        *at = end;
    }
    free(copy);
    if (error)
        return hl_fail(err, HL_FAILED, "%s: the folder cannot be made: %s", path, reason(error));
    return HL_OK;
}

void hl_sha256(char out[65], const void *bytes, size_t size) {
    static const char DIGITS[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, size, bytes);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = DIGITS[digest[i] >> 4];
        out[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    out[64] = '\0';
}
