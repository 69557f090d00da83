/* A small scenario with its tables as text, edits of it, and loading from a temporary folder. */
#ifndef HL_TESTS_SCENARIO_FIXTURE_H
#define HL_TESTS_SCENARIO_FIXTURE_H

#include "scenario/scenario.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIXTURE_FILES = 5, FIXTURE_EDITS = 5 };

struct fixture_file {
    const char *name;
    const char *text;
};

static const struct fixture_file fixture_files[FIXTURE_FILES] = {
    {"s.yaml", "format: 1\n"                                                                                  /*  1 */
               "title: Two exchanges\n"                                                                       /*  2 */
               "currency: JPY\n"                                                                              /*  3 */
               "currencies: {USD: 150}\n"                                                                     /*  4 */
               "horizon: 1 y\n"                                                                               /*  5 */
               "trials: 100_000\n"                                                                            /*  6 */
               "seed: 7\n"                                                                                    /*  7 */
               "tables:\n"                                                                                    /*  8 */
               "  exchanges: exchanges.csv\n"                                                                 /*  9 */
               "  holdings: holdings.csv\n"                                                                   /* 10 */
               "  assets: assets.csv\n"                                                                       /* 11 */
               "  vendors: vendors.csv\n"                                                                     /* 12 */
               "breaches:\n"                                                                                  /* 13 */
               "  - vector: hot_wallet_drain\n"                                                               /* 14 */
               "    count: {poisson: {rate: 1.2 % / y, low: 0.5 % / y, high: 2 % / y}}\n"                     /* 15 */
               "    takes: {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}, everything: 30 %}}\n"               /* 16 */
               "  - vector: third_party_compromise\n"                                                         /* 17 */
               "    vendor: keyco\n"                                                                          /* 18 */
               "    hit: 50 %\n"                                                                              /* 19 */
               "    count: {at_most_once: {probability: 0.4 %}}\n"                                            /* 20 */
               "    takes: {reach: largest_wallet, share: 100 %}\n"                                           /* 21 */
               "  - vector: insider\n"                                                                        /* 22 */
               "    at: ape\n"                                                                                /* 23 */
               "    count: {negative_binomial: {mean: 1 % / y, shape: 2}}\n"                                  /* 24 */
               "    takes: {assets: [BTC], amount: {lognormal: {median: 2 bn, sigma: 1.5}}}\n"                /* 25 */
               "funds:\n"                                                                                     /* 26 */
               "  - recovery: {share: 3 %, after: 180 d, probability: 50 %}\n"                                /* 27 */
               "  - guarantee_crypto\n"                                                                       /* 28 */
               "  - insurance: {name: crime, limit: 5 bn, attachment: 0.5 bn, covers: [insider, key_leak]}\n" /* 29 */
               "  - reserve: {amount: {share: 20 bp, of: highest_volume, floor: 1 bn, cap: 40 bn}}\n"         /* 30 */
               "  - own_capital\n"                                                                            /* 31 */
               "  - parent: {amount: 12 m USD, after: 10 d, at: [ape]}\n"                                     /* 32 */
               "report: {confidence: [99 %, 95 %], deadline: 30 d}\n"},                                       /* 33 */
    {"exchanges.csv", "exchange,jurisdiction,as_of,highest_volume,own_capital,source,confidence\n"            /* 1 */
                      "ape,JP,2024-03-31,900 bn,6 bn,filing,high\n"                                           /* 2 */
                      "bee,JP,2024-02-29,100 bn,1.5 bn,filing,low\n"},                                        /* 3 */
    {"holdings.csv", "exchange,asset,tier,custodian,owner,units,value,wallets,largest_share,source,confidence\n" /* 1 */
                     "ape,BTC,hot,,,100,,1,,filing,high\n"                                                       /* 2 */
                     "ape,BTC,cold,keyco,,4000,,4,40 %,filing,high\n"                                            /* 3 */
                     "ape,XRP,cold,,,,2.5 bn,1,,filing,medium\n"                                                 /* 4 */
                     "bee,ETH,hot,self,customers,1000,,2,,filing,low\n"                                          /* 5 */
                     "bee,ETH,hot,self,guarantee,1000,,1,,filing,low\n"},                                        /* 6 */
    {"assets.csv", "asset,price,volatility,source,confidence\n"                                                  /* 1 */
                   "BTC,10 m,60 %,market,high\n"                                                                 /* 2 */
                   "ETH,500 k,75 %,market,high\n"                                                                /* 3 */
                   "XRP,,,market,low\n"},                                                                        /* 4 */
    {"vendors.csv", "vendor,name,service,source,confidence\n"                                                    /* 1 */
                    "keyco,Key Company,wallets,its site,medium\n"                                                /* 2 */
                    "vault,The Vault,custody,its site,assumption\n"},                                            /* 3 */
};

/* The first `from` of a file becomes `to`; without `from` the whole file does. A zeroed edit is none. */
struct fixture_edit {
    const char *file;
    const char *from;
    const char *to;
};

/* The file with its edits; the caller frees. */
static inline char *fixture_text(const struct fixture_file *file, const struct fixture_edit edits[FIXTURE_EDITS]) {
    char *text = strdup(file->text);
    for (size_t i = 0; i < FIXTURE_EDITS && edits != NULL && edits[i].file != NULL; i++) {
        const struct fixture_edit *e = &edits[i];
        if (strcmp(e->file, file->name) != 0)
            continue;
        char *at = e->from == NULL ? text : strstr(text, e->from);
        cr_assert(at != NULL, "no %s in %s", e->from, e->file);
        const char *rest = e->from == NULL ? "" : at + strlen(e->from);
        char *edited = NULL;
        cr_assert(asprintf(&edited, "%.*s%s%s", (int)(at - text), text, e->to, rest) >= 0);
        free(text);
        text = edited;
    }
    return text;
}

static inline void fixture_write(const char *folder, const char *name, const char *bytes, size_t size) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    cr_assert(out != NULL, "%s", path);
    cr_assert_eq(fwrite(bytes, 1, size, out), size);
    cr_assert_eq(fclose(out), 0);
}

/* Makes a folder with the edited files. */
static inline void fixture_make(char folder[64], const struct fixture_edit edits[FIXTURE_EDITS]) {
    strcpy(folder, "/tmp/hackloss-test-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        char *text = fixture_text(&fixture_files[i], edits);
        fixture_write(folder, fixture_files[i].name, text, strlen(text));
        free(text);
    }
}

static inline void fixture_remove(const char *folder) {
    char path[256];
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, fixture_files[i].name);
        remove(path);
    }
    cr_assert_eq(rmdir(folder), 0, "%s", folder);
}

/* Loads folder/s.yaml. Returns the printed faults without the folder's name; the caller frees. */
static inline char *fixture_load(struct hl_scenario *s, const char *folder, const struct hl_setting *settings,
                                 size_t count) {
    char path[256], *printed = NULL;
    size_t size = 0;
    struct hl_error err = {0};
    snprintf(path, sizeof path, "%s/s.yaml", folder);
    enum hl_status status = hl_scenario_load(s, path, settings, count, &err);
    FILE *out = open_memstream(&printed, &size);
    hl_error_print(&err, out);
    fclose(out);
    cr_assert_eq(status, err.status);
    cr_assert_eq(status == HL_OK, *printed == '\0', "%s", printed);
    cr_assert(status == HL_OK || (s->arena.chunks == NULL && s->exchange_count == 0), "faulty, yet not empty");
    hl_error_free(&err);
    size_t length = strlen(folder);
    for (char *at = strstr(printed, folder); at != NULL; at = strstr(at, folder))
        memmove(at, at + length + 1, strlen(at + length + 1) + 1);
    return printed;
}

/* The printed faults of the edited scenario with settings; the caller frees them and the scenario. */
static inline char *fixture_run(struct hl_scenario *s, const struct fixture_edit edits[FIXTURE_EDITS],
                                const struct hl_setting *settings, size_t count) {
    char folder[64];
    fixture_make(folder, edits);
    char *printed = fixture_load(s, folder, settings, count);
    fixture_remove(folder);
    return printed;
}

#endif
