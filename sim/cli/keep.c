/* Runs in parts on the command line: shards, checkpoints, and how to go on. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPTION_SHARD = 400, OPTION_CHECKPOINT, OPTION_RESUME };

static const struct argp_option options[] = {
    {"shard", OPTION_SHARD, "I/N", 0,
     "Play only the I-th of N equal parts of the trials and write it as shard-I-of-N.hackloss; see hackloss merge", 3},
    {"checkpoint", OPTION_CHECKPOINT, "TIME", 0,
     "How often the run is saved, e.g. 30s, 10min, 2h, or never (default: 60s)", 3},
    {"resume", OPTION_RESUME, NULL, 0, "Go on from the checkpoint in the results' folder, if there is one", 3},
    {0},
};

enum { SHARDS_MOST = 1000000 };

static void parse_shard(struct argp_state *state, struct hl_keep *keep, const char *text) {
    char *slash, *end;
    unsigned long shard = strtoul(text, &slash, 10);
    unsigned long shards = *slash == '/' ? strtoul(slash + 1, &end, 10) : 0;
    if (text[0] < '0' || text[0] > '9' || shards == 0 || slash[1] < '0' || slash[1] > '9' || *end != '\0' ||
        shard < 1 || shard > shards || shards > SHARDS_MOST)
        argp_error(state, "--shard wants I/N with 1 <= I <= N <= %d, not '%s'", SHARDS_MOST, text);
    keep->shard = (uint32_t)shard;
    keep->shards = (uint32_t)shards;
}

static double parse_time(struct argp_state *state, const char *text) {
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"min", 60}, {"h", 3600}};
    char *unit;
    errno = 0;
    unsigned long count = strtoul(text, &unit, 10);
    if (strcmp(text, "never") == 0)
        return NAN;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text[0] >= '0' && text[0] <= '9' && errno == 0 && count > 0 && strcmp(unit, units[i].unit) == 0)
            return (double)count * units[i].seconds;
    argp_error(state, "--checkpoint wants a time such as 30s, 10min, 2h, or never, not '%s'", text);
    return NAN;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct hl_keep *keep = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        keep->seconds = 60;
        return 0;
    case OPTION_SHARD:
        parse_shard(state, keep, text);
        return 0;
    case OPTION_CHECKPOINT:
        keep->seconds = parse_time(state, text);
        return 0;
    case OPTION_RESUME:
        keep->resume = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp hl_keep_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

/* --- how to go on --------------------------------------------------------------------------------------------------
 */

/* A word as a shell reads it. */
static void put_word(FILE *out, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:%+@";
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word != '\0'; word++)
        fputs(*word == '\'' ? "'\\''" : (const char[]){*word, '\0'}, out);
    fputc('\'', out);
}

char *hl_command_line(unsigned ranks, int argc, char **argv) {
    char *text = NULL, self[4096];
    size_t size = 0;
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    self[length > 0 ? length : 0] = '\0';
    if (ranks > 1)
        fprintf(out, "mpirun -n %u ", ranks);
    put_word(out, length > 0 ? self : "hackloss");
    fputs(" run", out);
    for (int i = 1; i < argc; i++) {
        fputc(' ', out);
        put_word(out, argv[i]);
    }
    return fclose(out) == 0 ? text : NULL;
}

void hl_keep_tell(const struct hl_keep *keep, const char *command) {
    char name[HL_PART_NAME_MOST], path[4096];
    hl_checkpoint_name(name, keep);
    snprintf(path, sizeof path, "%s/%s", keep->folder, name);
    if (isnan(keep->seconds) || access(path, R_OK) != 0) {
        fputs("hackloss: interrupted; nothing was written\n", stderr);
        return;
    }
    fprintf(stderr, "hackloss: interrupted; what was played is in %s. To go on:\n  %s%s\n", path,
            command != NULL ? command : "hackloss run", keep->resume ? "" : " --resume");
}

void hl_keep_note(const struct hl_keep *keep) {
    char name[HL_PART_NAME_MOST], path[4096];
    hl_checkpoint_name(name, keep);
    snprintf(path, sizeof path, "%s/%s", keep->folder, name);
    if (!keep->resume && access(path, R_OK) == 0)
        fprintf(stderr, "hackloss: %s is not used (--resume goes on from it)\n", path);
}

/* --- ranks ----------------------------------------------------------------------------------------------------------
 */

void hl_together_start(struct hl_peers *peers) {
    hl_peers_start(peers);
    if (atexit(hl_peers_finish) != 0 || peers->rank == 0)
        return;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), said = memfd_create("said", MFD_CLOEXEC);
    fflush(stdout);
    if (nowhere >= 0)
        dup2(nowhere, STDOUT_FILENO);
    if (said >= 0)
        dup2(said, STDERR_FILENO);
    close(nowhere);
    close(said);
}

int hl_together_end(struct hl_peers *peers, int code) {
    char said[4096] = "";
    enum hl_status status = hl_peers_agree(peers, (enum hl_status)code);
    if (peers->rank > 0 && pread(STDERR_FILENO, said, sizeof said - 1, 0) < 0)
        said[0] = '\0';
    if (hl_peers_tell(peers, said, sizeof said))
        fprintf(stderr, "rank %u: %s", peers->failed, said);
    return (int)status;
}

/* --- shards --------------------------------------------------------------------------------------------------------
 */

static bool is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* GLOB_NOCHECK keeps a pattern that finds nothing: the reading then names it. */
enum hl_status hl_shards_find(glob_t *found, char *const *paths, size_t count, struct hl_error *err) {
    *found = (glob_t){0};
    for (size_t i = 0; i < count; i++) {
        char *pattern = NULL;
        if (asprintf(&pattern, is_folder(paths[i]) ? "%s/shard-*-of-*.hackloss" : "%s", paths[i]) < 0)
            return hl_fail_memory(err);
        int failure = glob(pattern, GLOB_NOCHECK | (i > 0 ? GLOB_APPEND : 0), NULL, found);
        free(pattern);
        if (failure != 0)
            return hl_fail_memory(err);
    }
    return HL_OK;
}
