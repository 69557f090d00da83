/* The commands of the program. */
#ifndef HL_CLI_CLI_H
#define HL_CLI_CLI_H

#include "base/status.h"
#include "hackloss.h"

#include <argp.h>
#include <glob.h>

/* Runs with its own arguments, argv[0] being "hackloss <name>"; returns the exit code. */
struct hl_command {
    const char *name;
    const char *summary; /* one line */
    int (*run)(int argc, char **argv);
};

int hl_command_run(int argc, char **argv);
int hl_command_merge(int argc, char **argv);
int hl_command_check(int argc, char **argv);
int hl_command_keys(int argc, char **argv);
int hl_command_trace(int argc, char **argv);
int hl_command_rules(int argc, char **argv);
int hl_command_replay(int argc, char **argv);
int hl_command_adequacy(int argc, char **argv);
int hl_command_verify(int argc, char **argv);

/* What the commands that read a scenario share: FILE, --set, --trials, --seed. */
enum { HL_SETTINGS_MOST = 64 };
struct hl_input_options {
    const char *path;
    bool optional;                                    /* the command can do without a scenario */
    struct hl_setting settings[HL_SETTINGS_MOST + 2]; /* room for what a command sets itself */
    size_t setting_count;
};

/* The argp child that fills a struct hl_input_options (its `input`). */
extern const struct argp hl_input_argp;

/* Reads the command line into `input`; false, with a message on stderr, when memory runs out. What is wrong with the
 * options themselves ends the program. */
bool hl_options_read(const struct argp *argp, int argc, char **argv, void *input);

/* Loads and plans; on failure prints the faults to stderr and returns the exit code. The caller frees both. */
int hl_input_load(struct hl_scenario *scenario, struct hl_plan *plan, const struct hl_input_options *options);

/* Finds a folder that comes with the program: in the source tree, where the program is in build/ or below it, or where
 * it was installed. */
bool hl_beside(char *out, size_t size, const char *name);

/* Prints the faults to stderr, frees them and returns the exit code of `status`. */
int hl_report(enum hl_status status, struct hl_error *err);

/* A whole number of at least `least`, or an argp error that names the option. */
unsigned long long hl_option_count(struct argp_state *state, const char *option, const char *text,
                                   unsigned long long least, unsigned long long most);

/* Bytes, from an amount such as "300MB", or an argp error. */
double hl_option_memory(struct argp_state *state, const char *text);

/* Tells on stdout how much memory a run of the plan will take, and where. */
HL_MUST_CHECK enum hl_status hl_memory_tell(const struct hl_plan *plan, struct hl_error *err);

/* Lowers *threads (0 = one per processor) until a run takes at most so many bytes; HL_INVALID where even one thread
 * takes more. */
HL_MUST_CHECK enum hl_status hl_memory_fit(unsigned *threads, const struct hl_plan *plan, double most,
                                           struct hl_error *err);

/* The argp child that fills a struct hl_keep (its `input`): --shard, --checkpoint, --resume. */
extern const struct argp hl_keep_argp;

/* The command line of `hackloss run` by so many ranks as a shell reads it, to be freed; NULL without memory. */
char *hl_command_line(unsigned ranks, int argc, char **argv);

/* Tells on stderr that the run was interrupted, and how to go on where a checkpoint was kept. */
void hl_keep_tell(const struct hl_keep *keep, const char *command);

/* Tells on stderr that there is a checkpoint which the run will not use. */
void hl_keep_note(const struct hl_keep *keep);

/* Joins the other ranks (engine/ranks.h). Of all that they print, the first one's is seen. */
void hl_together_start(struct hl_peers *peers);

/* Waits for the others, tells what the one that failed has to say, and returns the exit code of all. */
int hl_together_end(struct hl_peers *peers, int code);

/* The files of shards that are named, and those in folders that are named. globfree() frees them. */
HL_MUST_CHECK enum hl_status hl_shards_find(glob_t *found, char *const *paths, size_t count, struct hl_error *err);

/* A line on stderr with rate and time left, when stderr is a terminal. */
struct hl_progress_line {
    double started; /* seconds */
    double drawn;
    unsigned pass;
    bool shown;
};
void hl_progress_start(struct hl_progress_line *line);
void hl_progress_draw(void *context, struct hl_progress p);
void hl_progress_clear(struct hl_progress_line *line);

#endif
