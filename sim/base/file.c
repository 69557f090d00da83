#include "base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <stdbool.h>
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

static enum hl_status fail_writing(struct hl_error *err, const char *path, int error) {
    return hl_fail(err, HL_FAILED, "%s: cannot be written: %s", path, reason(error));
}

/* Closes the file without a word. False, with errno set, when the system says that it was not written. */
static bool close_quietly(struct hl_output *out) {
    if (out->stream != NULL)
        fclose(out->stream);
    out->stream = NULL;
    free(out->sink);
    out->sink = NULL;
    int descriptor = out->descriptor;
    out->descriptor = -1;
    return descriptor < 0 || close(descriptor) == 0;
}

void hl_output_discard(struct hl_output *out) {
    if (out->path != NULL) {
        close_quietly(out);
        if (out->temporary != NULL)
            unlink(out->temporary);
    }
    free(out->path);
    free(out->temporary);
    *out = (struct hl_output){0};
}

/* Opens the temporary file and its stream. 0, or the error number. */
static int open_temporary(struct hl_output *out) {
    out->descriptor = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (out->descriptor < 0)
        return errno;
    out->sink->descriptor = out->descriptor;
    out->stream = open_stream(out->sink);
    return out->stream != NULL ? 0 : errno;
}

/* What stands in a temporary name before the number of the process: the machine, since others may share the folder. */
enum { OWNER_MOST = 80 };
static void name_owner(char owner[OWNER_MOST]) {
    char host[65] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    snprintf(owner, OWNER_MOST, ".hackloss-%s-", host);
}

/* Is it the name of a file that a process of this machine, which is gone, was writing? */
static bool is_left_behind(const char *name, const char *owner) {
    const char *at = strstr(name, owner);
    if (name[0] != '.' || at == NULL || at == name)
        return false;
    const char *digits = at + strlen(owner);
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 9 || strcmp(digits + length, ".tmp") != 0)
        return false;
    long process = strtol(digits, NULL, 10);
    return process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static void remove_left_behind(const char *folder) {
    char owner[OWNER_MOST];
    name_owner(owner);
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;)
        if (is_left_behind(entry->d_name, owner))
            unlinkat(dirfd(listing), entry->d_name, 0);
    if (listing != NULL)
        closedir(listing);
}

enum hl_status hl_output_open(struct hl_output *out, const char *folder, const char *name, struct hl_error *err) {
    assert(*name && !strchr(name, '/'));
    *out = (struct hl_output){.sink = calloc(1, sizeof *out->sink), .descriptor = -1};
    if (asprintf(&out->path, "%s/%s", folder, name) < 0)
        out->path = NULL;
    char owner[OWNER_MOST];
    name_owner(owner);
    if (asprintf(&out->temporary, "%s/.%s%s%ld.tmp", folder, name, owner, (long)getpid()) < 0)
        out->temporary = NULL;
    enum hl_status status = HL_OK;
    int error = 0;
    if (!out->path || !out->temporary || !out->sink)
        status = hl_fail_memory(err);
    else if ((error = open_temporary(out)) != 0)
        status = fail_writing(err, out->path, error);
    if (status != HL_OK && out->descriptor < 0) { /* there is no such file, or it is another's */
        free(out->temporary);
        out->temporary = NULL;
    }
    if (status != HL_OK)
        hl_output_discard(out);
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

enum hl_status hl_output_end(struct hl_output *out, struct hl_error *err) {
    assert(out->stream);
    /* What has no reason of the system is a stream that could not be written to. */
    int error = ferror(out->stream) || fflush(out->stream) != 0 ? EIO : 0;
    if (out->sink->error)
        error = out->sink->error;
    fclose(out->stream);
    out->stream = NULL;
    free(out->sink);
    out->sink = NULL;
    if (error != 0)
        return fail_writing(err, out->path, error);
    (void)sync_file_range(out->descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); /* the sync will wait, and tell of failures */
    return HL_OK;
}

/* Syncs all files. */
static enum hl_status sync_all(struct hl_output *outputs, size_t count, struct hl_error *err) {
    for (size_t i = 0; i < count; i++)
        if (outputs[i].stream != NULL && hl_output_end(&outputs[i], err) != HL_OK)
            return HL_FAILED;
    for (size_t i = 0; i < count; i++)
        if (fsync(outputs[i].descriptor) != 0 || !close_quietly(&outputs[i]))
            return fail_writing(err, outputs[i].path, errno);
    return HL_OK;
}

/* Renames all files; *renamed gets how many. */
static enum hl_status rename_all(const struct hl_output *outputs, size_t count, size_t *renamed, struct hl_error *err) {
    for (*renamed = 0; *renamed < count; ++*renamed)
        if (rename(outputs[*renamed].temporary, outputs[*renamed].path) != 0)
            return fail_writing(err, outputs[*renamed].path, errno);
    return HL_OK;
}

enum hl_status hl_outputs_close(struct hl_output *outputs, size_t count, struct hl_error *err) {
    size_t renamed = 0;
    enum hl_status status = sync_all(outputs, count, err);
    if (status == HL_OK)
        status = rename_all(outputs, count, &renamed, err);
    int error = renamed > 0 ? sync_folder_of(outputs[0].path) : 0;
    if (error != 0 && status == HL_OK)
        status = fail_writing(err, outputs[0].path, error);
    for (size_t i = 0; i < count; i++) {
        if (i < renamed) { /* its temporary name is free */
            free(outputs[i].temporary);
            outputs[i].temporary = NULL;
        }
        hl_output_discard(&outputs[i]);
    }
    return status;
}

enum hl_status hl_output_close(struct hl_output *out, struct hl_error *err) { return hl_outputs_close(out, 1, err); }

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
    remove_left_behind(path);
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
