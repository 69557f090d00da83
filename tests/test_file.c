#include "base/file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A fresh folder of its own for a test; the caller removes it. */
static char *new_folder(void) {
    char *path = strdup("/tmp/hackloss-test-XXXXXX");
    cr_assert_not_null(mkdtemp(path));
    return path;
}

static const char *in(const char *folder, const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put_file(const char *path, const char *bytes, size_t size) {
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    cr_assert_eq(fwrite(bytes, 1, size, out), size);
    fclose(out);
}

/* How many files and folders a folder holds. */
static int entries(const char *folder) {
    int count = 0;
    DIR *listing = opendir(folder);
    while (readdir(listing))
        count++;
    closedir(listing);
    return count - 2; /* . and .. */
}

static void remove_folder(char *folder, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        remove(in(folder, names[i]));
    cr_expect_eq(rmdir(folder), 0, "something is left in %s", folder);
    free(folder);
}

static void expect_content(const char *path, const char *want) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    char *bytes = NULL;
    size_t size = 0;
    cr_assert_eq(hl_file_read(&bytes, &size, &arena, path, 1000, &err), HL_OK);
    cr_expect_str_eq(bytes, want);
    cr_expect_eq(size, strlen(want));
    hl_arena_free(&arena);
}

Test(file, read) {
    char *folder = new_folder();
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    char *bytes = NULL;
    size_t size = 99;
    put_file(in(folder, "a"), "x\0y\n", 4);
    cr_assert_eq(hl_file_read(&bytes, &size, &arena, in(folder, "a"), 4, &err), HL_OK);
    cr_expect_eq(size, 4);
    cr_expect_eq(memcmp(bytes, "x\0y\n", 5), 0, "the bytes and a NUL");
    put_file(in(folder, "a"), "", 0);
    cr_assert_eq(hl_file_read(&bytes, &size, &arena, in(folder, "a"), 0, &err), HL_OK);
    cr_expect(size == 0 && bytes[0] == '\0');
    hl_arena_free(&arena);
    remove_folder(folder, (const char *const[]){"a"}, 1);
}

Test(file, read_refusals, .timeout = 10) { /* seconds: an open pipe would wait for ever */
    char *folder = new_folder();
    put_file(in(folder, "five"), "12345", 5);
    cr_assert_eq(mkfifo(in(folder, "pipe"), 0600), 0);
    const struct {
        const char *name, *want;
    } rows[] = {
        {"none", "cannot be read: No such file or directory"},
        {"five/x", "cannot be read: Not a directory"},
        {"five", "is too large: 5 bytes, where 4 are allowed"},
        {".", "is a folder, not a file"},
        {"pipe", "is not a regular file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        char *bytes = NULL;
        size_t size = 0;
        cr_expect_eq(hl_file_read(&bytes, &size, &arena, in(folder, rows[i].name), 4, &err), HL_INVALID);
        cr_assert_eq(err.count, 1);
        cr_expect_str_eq(err.faults[0].message, rows[i].want);
        cr_expect_str_eq(err.faults[0].file, in(folder, rows[i].name));
        hl_error_free(&err);
        hl_arena_free(&arena);
    }
    remove_folder(folder, (const char *const[]){"five", "pipe"}, 2);
}

Test(file, output) {
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out = {0};
    put_file(in(folder, "r.csv"), "old", 3);
    cr_assert_eq(hl_output_open(&out, folder, "r.csv", &err), HL_OK);
    char temporary[200], host[65] = "";
    cr_assert_eq(gethostname(host, sizeof host - 1), 0);
    snprintf(temporary, sizeof temporary, ".r.csv.hackloss-%s-%ld.tmp", host, (long)getpid());
    cr_expect_str_eq(out.temporary, in(folder, temporary));
    cr_expect_eq(access(in(folder, temporary), F_OK), 0);
    fprintf(out.stream, "new\n");
    fflush(out.stream);
    expect_content(in(folder, "r.csv"), "old"); /* until it is closed */
    cr_assert_eq(hl_output_close(&out, &err), HL_OK);
    expect_content(in(folder, "r.csv"), "new\n");
    cr_expect_eq(entries(folder), 1, "no temporary file is left");
    cr_expect(!out.stream && !out.path && !out.temporary);
    remove_folder(folder, (const char *const[]){"r.csv"}, 1);
}

Test(file, output_discarded) {
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out = {0};
    hl_output_discard(&out); /* nothing was opened */
    put_file(in(folder, "r.csv"), "old", 3);
    cr_assert_eq(hl_output_open(&out, folder, "r.csv", &err), HL_OK);
    fprintf(out.stream, "half");
    hl_output_discard(&out);
    hl_output_discard(&out);
    expect_content(in(folder, "r.csv"), "old");
    cr_expect_eq(entries(folder), 1);
    remove_folder(folder, (const char *const[]){"r.csv"}, 1);
}

Test(file, output_cannot_open) {
    struct hl_error err = {0};
    struct hl_output out = {0};
    cr_expect_eq(hl_output_open(&out, "/nonexistent", "r.csv", &err), HL_FAILED);
    cr_expect_str_eq(err.faults[0].message, "/nonexistent/r.csv: cannot be written: No such file or directory");
    cr_expect(!out.stream && !out.path && !out.temporary);
    hl_error_free(&err);
}

Test(file, output_cannot_rename) {
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out = {0};
    cr_assert_eq(mkdir(in(folder, "r.csv"), 0777), 0); /* a folder of that name is in the way */
    cr_assert_eq(hl_output_open(&out, folder, "r.csv", &err), HL_OK);
    cr_expect_eq(hl_output_close(&out, &err), HL_FAILED);
    cr_expect_not_null(strstr(err.faults[0].message, "/r.csv: cannot be written: Is a directory"));
    cr_expect_eq(entries(folder), 1, "no temporary file is left");
    cr_expect(!out.stream && !out.path && !out.temporary);
    hl_error_free(&err);
    remove_folder(folder, (const char *const[]){"r.csv"}, 1);
}

/* Files that belong together: until all are written none takes the place of an old one. */
Test(file, outputs) {
    static const char *const names[] = {"a", "b", "c"};
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out[3] = {0};
    put_file(in(folder, "b"), "old", 3);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(hl_output_open(&out[i], folder, names[i], &err), HL_OK);
        fprintf(out[i].stream, "new %s", names[i]);
        if (i < 2) /* or when they are closed */
            cr_assert_eq(hl_output_end(&out[i], &err), HL_OK);
    }
    cr_expect_null(out[0].stream);
    expect_content(in(folder, "b"), "old");
    cr_expect_eq(entries(folder), 4, "three temporary files and the old one");
    cr_assert_eq(hl_outputs_close(out, 3, &err), HL_OK);
    expect_content(in(folder, "a"), "new a");
    expect_content(in(folder, "b"), "new b");
    expect_content(in(folder, "c"), "new c");
    cr_expect_eq(entries(folder), 3);
    cr_expect(!out[2].path && !out[2].temporary);
    remove_folder(folder, names, 3);
}

Test(file, outputs_given_up) {
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out[3] = {0};
    cr_assert_eq(hl_output_open(&out[0], folder, "a", &err), HL_OK);
    cr_assert_eq(hl_output_end(&out[0], &err), HL_OK);
    cr_assert_eq(hl_output_open(&out[1], folder, "b", &err), HL_OK);
    for (size_t i = 0; i < 3; i++)
        hl_output_discard(&out[i]);
    cr_expect_eq(entries(folder), 0);
    remove_folder(folder, NULL, 0);
}

/* A renaming fails when others were renamed: those are new, the rest is as it was. */
Test(file, outputs_cannot_rename) {
    static const char *const names[] = {"a", "b", "c"};
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out[3] = {0};
    put_file(in(folder, "a"), "old", 3);
    put_file(in(folder, "c"), "old", 3);
    cr_assert_eq(mkdir(in(folder, "b"), 0777), 0);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(hl_output_open(&out[i], folder, names[i], &err), HL_OK);
        fprintf(out[i].stream, "new");
    }
    cr_expect_eq(hl_outputs_close(out, 3, &err), HL_FAILED);
    cr_assert_eq(err.count, 1);
    cr_expect_not_null(strstr(err.faults[0].message, "/b: cannot be written: Is a directory"));
    expect_content(in(folder, "a"), "new");
    expect_content(in(folder, "c"), "old");
    cr_expect_eq(entries(folder), 3, "no temporary file is left");
    hl_error_free(&err);
    remove_folder(folder, names, 3);
}

/* Lets files grow to 1000 bytes at most, and makes more an error instead of a signal. */
static void limit_file_size(void) {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {1000, RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_file_size(void) {
    const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(file, output_disk_full) {
    const struct {
        size_t bytes;
        bool lifted; /* there is room again before the closing: only the stream knows that a write failed */
    } rows[] = {{2000, false}, {2000000, false}, {2000000, true}};
    for (size_t i = 0; i < 3; i++) {
        char *folder = new_folder();
        struct hl_error err = {0};
        struct hl_output out = {0};
        put_file(in(folder, "r.csv"), "old", 3);
        cr_assert_eq(hl_output_open(&out, folder, "r.csv", &err), HL_OK);
        limit_file_size();
        for (size_t j = 0; j < rows[i].bytes; j++)
            fputc('x', out.stream);
        if (rows[i].lifted)
            lift_file_size();
        enum hl_status status = hl_output_close(&out, &err);
        lift_file_size();
        cr_expect_eq(status, HL_FAILED);
        cr_expect(err.count == 1 && strstr(err.faults[0].message, "/r.csv: cannot be written: File too large"));
        expect_content(in(folder, "r.csv"), "old");
        cr_expect_eq(entries(folder), 1, "no temporary file is left");
        hl_error_free(&err);
        remove_folder(folder, (const char *const[]){"r.csv"}, 1);
    }
}

/* The last of three does not fit: the first two stay as they were. */
Test(file, outputs_disk_full) {
    static const char *const names[] = {"a", "b", "c"};
    char *folder = new_folder();
    struct hl_error err = {0};
    struct hl_output out[3] = {0};
    put_file(in(folder, "a"), "old", 3);
    limit_file_size();
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(hl_output_open(&out[i], folder, names[i], &err), HL_OK);
        fprintf(out[i].stream, "%*s", i == 2 ? 2000 : 10, "x");
    }
    cr_assert_eq(hl_output_end(&out[0], &err), HL_OK);
    cr_expect_eq(hl_outputs_close(out, 3, &err), HL_FAILED);
    lift_file_size();
    cr_expect(err.count == 1 && strstr(err.faults[0].message, "/c: cannot be written: File too large"));
    expect_content(in(folder, "a"), "old");
    cr_expect_eq(entries(folder), 1, "no temporary file is left");
    hl_error_free(&err);
    remove_folder(folder, names, 1);
}

Test(file, folders) {
    char *folder = new_folder();
    struct hl_error err = {0};
    struct stat about;
    cr_expect_eq(hl_folder_make(in(folder, "a//b/c/"), &err), HL_OK);
    cr_expect(stat(in(folder, "a/b/c"), &about) == 0 && S_ISDIR(about.st_mode));
    cr_expect_eq(hl_folder_make(in(folder, "a/b"), &err), HL_OK, "it is there");
    cr_expect_eq(hl_folder_make("/", &err), HL_OK);
    cr_expect_eq(hl_folder_make(".", &err), HL_OK);
    cr_expect_eq(err.count, 0);
    put_file(in(folder, "f"), "", 0);
    cr_expect_eq(hl_folder_make(in(folder, "f"), &err), HL_FAILED);
    cr_expect_not_null(strstr(err.faults[0].message, "/f: the folder cannot be made: Not a directory"));
    cr_expect_eq(hl_folder_make(in(folder, "f/g"), &err), HL_FAILED);
    cr_expect_eq(hl_folder_make("", &err), HL_FAILED);
    hl_error_free(&err);
    remove_folder(folder, (const char *const[]){"a/b/c", "a/b", "a", "f"}, 4);
}

/* A process that was killed leaves its temporary file, and the next one into the folder takes it away; nothing else. */
Test(file, left_behind) {
    char *folder = new_folder(), host[65] = "";
    struct hl_error err = {0};
    pid_t gone = fork();
    if (gone == 0)
        _exit(0);
    cr_assert_eq(waitpid(gone, NULL, 0), gone);
    cr_assert_eq(gethostname(host, sizeof host - 1), 0);
    const struct {
        const char *start, *host;
        pid_t process;
        const char *end;
        bool stays;
    } rows[] = {{".r.csv.hackloss-", host, gone, ".tmp", false},
                {".checkpoint.hackloss.hackloss-", host, gone, ".tmp", false},
                {".r.csv.hackloss-", host, getpid(), ".tmp", true},
                {".r.csv.hackloss-", "elsewhere", gone, ".tmp", true},
                {".r.csv.", host, gone, ".tmp", true},
                {"r.csv.hackloss-", host, gone, ".tmp", true},
                {".r.csv.hackloss-", host, gone, ".tmp2", true},
                {".r.csv.hackloss-", host, gone, "x.tmp", true},
                {".hackloss-", host, gone, ".tmp", true}};
    enum { ROWS = sizeof rows / sizeof *rows };
    char names[ROWS][200];
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof names[i], "%s%s-%ld%s", rows[i].start, rows[i].host, (long)rows[i].process,
                 rows[i].end);
        put_file(in(folder, names[i]), "half", 4);
    }
    cr_expect_eq(hl_folder_make(folder, &err), HL_OK);
    for (size_t i = 0; i < ROWS; i++) {
        cr_expect_eq(access(in(folder, names[i]), F_OK) == 0, rows[i].stays, "%s", names[i]);
        unlink(in(folder, names[i]));
    }
    remove_folder(folder, NULL, 0);
}

/* Source: FIPS 180-4, examples of the NIST. */
Test(file, sha256) {
    char digest[65];
    hl_sha256(digest, "", 0);
    cr_expect_str_eq(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hl_sha256(digest, "abc", 3);
    cr_expect_str_eq(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hl_sha256(digest, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
    cr_expect_str_eq(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
