/* Runs in parts: shards that are put together, and runs that are stopped and resumed, give what one run gives. */
#include "base/file.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TRIALS = 90000 }; /* 22 blocks, the last one not full: the pilot has 16 of them */

/* A plan, and a folder for its parts. */
struct parts {
    struct engine f;
    struct hl_plan plan;
    char folder[64];
};

static void make(struct parts *p) {
    engine_start(&p->f);
    engine_exchange(&p->f, "ape");
    engine_asset(&p->f, "BTC");
    engine_holding(&p->f, 0, 0, HL_COLD, 1000000);
    engine_breach(&p->f, HL_VECTOR_hot_wallet_drain, 0.05, HL_NONE)->size =
        (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.6}, .everything = 0.3};
    engine_fund(&p->f, HL_FUND_reserve, 400000);
    p->f.s.trials = TRIALS;
    memset(p->f.s.fingerprint, 'a', 64);
    engine_plan(&p->plan, &p->f);
    snprintf(p->folder, sizeof p->folder, "/tmp/hackloss-test-XXXXXX");
    cr_assert_not_null(mkdtemp(p->folder));
}

static void forget(struct parts *p) {
    DIR *listing = opendir(p->folder);
    char path[400];
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", p->folder, entry->d_name);
        unlink(path);
    }
    closedir(listing);
    cr_expect_eq(rmdir(p->folder), 0);
    hl_plan_free(&p->plan);
}

static struct hl_keep keep_of(const struct parts *p, uint32_t shard, uint32_t shards) {
    return (struct hl_keep){
        .folder = p->folder, .seconds = INFINITY, .shard = shard, .shards = shards, .origin = {.path = "test.yaml"}};
}

static void expect_same(const struct hl_result *a, const struct hl_result *b) {
    cr_assert(a->trials == b->trials && a->row_count == b->row_count && a->row_count > 100);
    cr_assert_eq(a->provenance.events, b->provenance.events);
    for (size_t i = 0; i < a->row_count; i++) {
        const struct hl_row *x = &a->rows[i], *y = &b->rows[i];
        const double left[] = {x->value, x->error, x->low, x->high}, right[] = {y->value, y->error, y->low, y->high};
        cr_assert(hl_row_compare(x, y) == 0 && x->status == y->status && memcmp(left, right, sizeof left) == 0,
                  "row %zu: %s %s", i, hl_perspective_names[x->key.perspective], hl_metric_names[x->key.metric]);
    }
}

static void run(struct hl_result *r, const struct parts *p, const struct hl_run_options *options) {
    struct hl_error err = {0};
    cr_assert(hl_run(r, &p->plan, options, &err) == HL_OK, "%s", err.count > 0 ? err.faults[0].message : "");
}

Test(parts, ranges_are_all_blocks_once) {
    const uint64_t blocks[] = {1, 7, 22, 1000000007};
    for (size_t i = 0; i < COUNT_OF(blocks); i++)
        for (uint32_t shards = 1; shards <= 30; shards++) {
            uint64_t upto = 0, first, end;
            for (uint32_t shard = 1; shard <= shards; shard++) {
                hl_shard_range(&(struct hl_keep){.shard = shard, .shards = shards}, blocks[i], &first, &end);
                cr_assert(first == upto && end >= first && end - first <= blocks[i] / shards + 1);
                upto = end;
            }
            cr_assert_eq(upto, blocks[i]);
        }
}

/* Shards 1 … count as files; the names are freed by the caller. */
static char **play_shards(const struct parts *p, uint32_t count, double spare) {
    char **paths = calloc(count, sizeof *paths);
    for (uint32_t shard = 1; shard <= count; shard++) {
        struct hl_result r;
        struct hl_keep keep = keep_of(p, shard, count);
        char name[HL_PART_NAME_MOST];
        run(&r, p, &(struct hl_run_options){.threads = 1 + shard % 3, .keep = &keep, .pilot_spare = spare});
        cr_expect_eq(r.row_count, 0);
        hl_shard_name(name, &keep);
        cr_assert(asprintf(&paths[shard - 1], "%s/%s", p->folder, name) > 0);
        hl_result_free(&r);
    }
    return paths;
}

/* With spare = 0 the windows are as good as sure; far below that values are missed, and looked for again. */
Test(parts, shards_give_what_one_run_gives) {
    static struct parts p;
    struct hl_result one, merged;
    make(&p);
    run(&one, &p, &(struct hl_run_options){.threads = 2});
    const struct {
        uint32_t shards;
        double spare;
    } rows[] = {{2, 0}, {5, 0}, {3, -1e6}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char **paths = play_shards(&p, rows[i].shards, rows[i].spare);
        run(&merged, &p,
            &(struct hl_run_options){.threads = 2, .parts = (const char *const *)paths, .part_count = rows[i].shards});
        expect_same(&one, &merged);
        hl_result_free(&merged);
        for (uint32_t k = 0; k < rows[i].shards; k++)
            free(paths[k]);
        free(paths);
    }
    hl_result_free(&one);
    forget(&p);
}

Test(parts, what_is_not_whole_is_refused) {
    static struct parts p;
    make(&p);
    p.f.s.trials = 30000; /* 8 blocks */
    char **paths = play_shards(&p, 4, 0);
    const char *const gap[] = {paths[0], paths[3], paths[1]}, *const twice[] = {paths[0], paths[1], paths[1], paths[2],
                                                                                paths[3]};
    const char *const none[] = {paths[0], "/nonexistent/shard"};
    const struct {
        const char *const *paths;
        size_t count;
        const char *want;
    } rows[] = {
        {gap, 3, "shard 3 of 4 is missing"},
        {twice, 5, "holds blocks 2 to 3, which are in"},
        {none, 2, "cannot be read"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_error err = {0};
        cr_expect(hl_parts_check(rows[i].paths, rows[i].count, &p.f.s, &err) == HL_INVALID);
        cr_assert(err.count == 1);
        cr_expect(strstr(err.faults[0].message, rows[i].want) != NULL, "%s", err.faults[0].message);
        hl_error_free(&err);
    }
    for (size_t i = 0; i < 4; i++)
        free(paths[i]);
    free(paths);
    forget(&p);
}

/* Stops a run after so many trials of a pass. */
struct stopper {
    volatile sig_atomic_t interrupt;
    unsigned pass;
    uint64_t after;
};

static void stop(void *context, struct hl_progress p) {
    struct stopper *s = context;
    if (p.pass == s->pass && p.done >= s->after)
        s->interrupt = 1;
}

/* Stopped in the pilot, twice among all trials, and when values are looked for again. */
Test(parts, stopped_and_resumed_it_is_the_same) {
    static struct parts p;
    struct hl_result one, resumed;
    make(&p);
    run(&one, &p, &(struct hl_run_options){.threads = 2});
    static const struct {
        unsigned pass;
        uint64_t after;
    } stops[] = {{HL_PASS_PILOT, 8192}, {HL_PASS_ALL, 4096}, {HL_PASS_ALL, 50000}, {HL_PASS_AGAIN, 20000}};
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct hl_keep keep = keep_of(&p, 0, 0);
        for (size_t i = 0; i < COUNT_OF(stops); i++) {
            struct stopper s = {.pass = stops[i].pass, .after = stops[i].after};
            struct hl_error err = {0};
            const struct hl_run_options options = {.threads = threads,
                                                   .keep = &keep,
                                                   .interrupt = &s.interrupt,
                                                   .progress = stop,
                                                   .progress_context = &s,
                                                   .pilot_spare = -1e6};
            cr_assert(hl_run(&resumed, &p.plan, &options, &err) == HL_INTERRUPTED, "stop %zu", i);
            cr_expect_eq(resumed.row_count, 0);
            keep.resume = true;
        }
        run(&resumed, &p, &(struct hl_run_options){.threads = threads, .keep = &keep, .pilot_spare = -1e6});
        expect_same(&one, &resumed);
        hl_result_free(&resumed);
        hl_checkpoint_remove(&keep);
    }
    hl_result_free(&one);
    forget(&p);
}
