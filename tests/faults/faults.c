/* A library to be loaded before the program (LD_PRELOAD) that lets one kind of system call fail.
 *
 * FAULT=KIND:K lets the K-th call fail, FAULT=KIND:K+ that one and all later ones. Kinds: memory (malloc, calloc,
 * realloc: ENOMEM), write (ENOSPC, after half of the bytes: the disk is full), fsync (EIO), rename (EROFS), create
 * (open with O_CREAT, EROFS: the folder is read-only). FAULT_COUNTS=FILE writes at the end how many calls of each kind
 * there were, a line `KIND COUNT` each. With FAULT_SIGNAL=NUMBER the call does not fail: the process gets that signal
 * before.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { MEMORY, WRITE, FSYNC, RENAME, CREATE, KINDS };
static const char *const names[KINDS] = {"memory", "write", "fsync", "rename", "create"};

static atomic_ulong counts[KINDS];
static enum kind failing = KINDS;
static unsigned long from; /* the first call that fails */
static bool stays;         /* and all later ones */
static int signal_number;  /* is sent in place of the failure; 0 = none */

/* What the C library exports for libraries like this one. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool fails(enum kind kind) {
    unsigned long now = atomic_fetch_add(&counts[kind], 1) + 1;
    bool it_is = kind == failing && (now == from || (stays && now > from));
    if (it_is && signal_number != 0)
        raise(signal_number);
    return it_is && signal_number == 0;
}

__attribute__((constructor)) static void start(void) {
    const char *text = getenv("FAULT"), *number = getenv("FAULT_SIGNAL");
    signal_number = number == NULL ? 0 : (int)strtol(number, NULL, 10);
    for (enum kind kind = 0; kind < KINDS && text != NULL; kind++) {
        size_t length = strlen(names[kind]);
        if (strncmp(text, names[kind], length) != 0 || text[length] != ':')
            continue;
        char *end;
        from = strtoul(text + length + 1, &end, 10);
        stays = *end == '+';
        failing = kind;
    }
    for (enum kind kind = 0; kind < KINDS; kind++)
        atomic_store(&counts[kind], 0); /* what other libraries did before is none of the program's */
}

__attribute__((destructor)) static void finish(void) {
    const char *path = getenv("FAULT_COUNTS");
    if (path == NULL)
        return;
    char line[64];
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    for (enum kind kind = 0; kind < KINDS && file >= 0; kind++) {
        int length = snprintf(line, sizeof line, "%s %lu\n", names[kind], atomic_load(&counts[kind]));
        if (syscall(SYS_write, file, line, (size_t)length) != length)
            _exit(99);
    }
    close(file);
}

void *malloc(size_t size) {
    if (!fails(MEMORY))
        return __libc_malloc(size);
    errno = ENOMEM;
    return NULL;
}

void *calloc(size_t count, size_t size) {
    if (!fails(MEMORY))
        return __libc_calloc(count, size);
    errno = ENOMEM;
    return NULL;
}

void *realloc(void *old, size_t size) {
    if (!fails(MEMORY))
        return __libc_realloc(old, size);
    errno = ENOMEM;
    return NULL;
}

ssize_t write(int file, const void *bytes, size_t size) {
    if (!fails(WRITE))
        return syscall(SYS_write, file, bytes, size);
    long ignored = syscall(SYS_write, file, bytes, size / 2);
    (void)ignored;
    errno = ENOSPC;
    return -1;
}

int fsync(int file) {
    if (!fails(FSYNC))
        return (int)syscall(SYS_fsync, file);
    errno = EIO;
    return -1;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    if ((flags & O_CREAT) == 0 || !fails(CREATE))
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    errno = EROFS;
    return -1;
}

int rename(const char *old, const char *new) {
    if (!fails(RENAME))
        return (int)syscall(SYS_rename, old, new);
    errno = EROFS;
    return -1;
}
