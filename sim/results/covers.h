/* What each rule on reserves would have covered of cases of history: the table incident x rule. */
#ifndef HL_RESULTS_COVERS_H
#define HL_RESULTS_COVERS_H

#include "models/rule.h"
#include "results/replay.h"

/* What the money of one rule does for one case: the case played again with this money alone, there on day 0. */
struct hl_cover {
    const struct hl_rule *rule;
    double required;         /* quanta; NAN = a figure is not known */
    const char *missing;     /* that figure's symbol; NULL when all are known */
    double covered;          /* paid to customers by the deadline, in quanta */
    double share;            /* of the claim, in [0, 1] */
    double days_until_whole; /* HL_NEVER when it does not suffice */
    bool illustrative;       /* an amount in another currency was turned at a rate that is only an illustration */
};

/* What a rule would have asked of the exchanges on day 0 as the scenario's profiles say, and what it covers:
 *   reserve, capital, pool   one reserve of that amount
 *   the same for hot coins   money for what was taken out of hot and warm wallets, up to that amount
 *   guarantee                own coins of the kinds that are hot and warm, in proportion to them, out of the thief's
 *                            reach
 *   conditions               no money: nothing */
HL_MUST_CHECK enum hl_status hl_cover_play(struct hl_cover *out, const struct hl_plan *p, const struct hl_rule *rule,
                                           struct hl_error *err);

/* One case with all rules. */
struct hl_covered_case {
    const char *id;
    const char *title;
    const char *date; /* of the discovery, or "day 3" */
    char currency[4];
    double quantum;
    double loss;             /* customers', in quanta */
    double days_until_whole; /* as it happened */
    size_t check_count;      /* how much was held against the record */
    size_t differing;        /* and did not come out so */
    const char *confidence;  /* of the first exchange's figures */
    struct hl_cover *covers; /* [rules] in the order of hl_rules */
};

/* A zeroed struct is empty. */
struct hl_covers {
    struct hl_arena arena;
    struct hl_covered_case *items;
    size_t count;
    size_t capacity;
};

/* Adds a case that was replayed. */
HL_MUST_CHECK enum hl_status hl_covers_add(struct hl_covers *all, const char *id, const struct hl_replay *replay,
                                           struct hl_error *err);
void hl_covers_free(struct hl_covers *all);

/* Prints the table of one case: what each rule would have asked for, covered, and when customers were whole. */
void hl_covers_print_case(const struct hl_covered_case *one, FILE *out);

/* Puts the cases in the order of their dates. */
void hl_covers_sort(struct hl_covers *all);

/* Prints the cases, one a line with its number: date, title, what customers were owed, when they were whole, and
 * whether it came out as it did. Then the table, a rule a line, a case a column. At most 80 columns. */
void hl_covers_print(const struct hl_covers *all, FILE *out);

/* Writes incidents-by-rule.csv into a folder, made if missing. */
HL_MUST_CHECK enum hl_status hl_covers_write(const struct hl_covers *all, const char *folder, struct hl_error *err);

#endif
