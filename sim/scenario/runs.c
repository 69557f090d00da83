/* What follows a breach: drained wallets are refilled, customers run. */
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* The section as written. */
struct wallets {
    double refill_after_days;
    unsigned restored;
};

static const char *restored_name(size_t place) {
    static const char *const names[] = {"false", "true"};
    return place < sizeof names / sizeof *names ? names[place] : NULL;
}

static const struct hl_key wallets_keys[] = {
    {.name = "refill_after",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     .word = "never",
     .word_value = INFINITY,
     .standard = "never",
     WHERE(wallets, refill_after_days),
     .doc = "So long after a theft a hot or warm wallet is filled up again out of the exchange's cold wallets."},
    {.name = "restored",
     .kind = HL_KEY_CHOICE,
     .choice = restored_name,
     .standard = "false",
     .standard_words = "false; true where tables.holdings is unlimited",
     WHERE(wallets, restored),
     .doc = "Whether every breach finds all wallets at their level: what was taken is replaced at once from outside."},
};
const struct hl_section hl_section_wallets = HL_SECTION("wallets", "What becomes of drained wallets.", wallets_keys);

/* Customers' runs as written. */
struct run {
    double above;
    const struct hl_node *share;
    double mean_days;
    uint32_t liquid;
    double from_cold_per_day;
    double suspends_at;
    double suspension_days;
    double comes_back;
};

static const char *tier_name(size_t place) { return place < HL_TIER_COUNT ? hl_tier_names[place] : NULL; }

#define SHARE .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1

static const struct hl_key run_keys[] = {
    {.name = "above",
     SHARE,
     .standard = "0",
     WHERE(run, above),
     .doc =
         "Customers run when a breach takes at least this share of their coins at the exchange, and anything at all."},
    {.name = "share",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a fraction, or a map of one family of shares, such as {beta: {a: 2, b: 5}}",
     WHERE(run, share),
     .doc = "The share of what is left to them that customers withdraw in all."},
    {.name = "over",
     .kind = HL_KEY_NUMBER,
     .required = true,
     .unit = HL_UNIT_DAYS,
     .maximum = 365,
     WHERE(run, mean_days),
     .doc = "The mean time from the news to a withdrawal; each day the same part of what is still to come."},
    {.name = "liquid",
     .kind = HL_KEY_CHOICES,
     .choice = tier_name,
     .standard = "[hot]",
     WHERE(run, liquid),
     .doc = "The tiers that withdrawals are paid from at once."},
    {.name = "from_cold_per_day",
     SHARE,
     .standard = "100 %",
     WHERE(run, from_cold_per_day),
     .doc = "The part of the coins in the other tiers that can be brought up in a day, from the day after the news."},
    {.name = "suspends_at",
     SHARE,
     .word = "never",
     .word_value = INFINITY,
     .standard = "never",
     WHERE(run, suspends_at),
     .doc = "Withdrawals are suspended when customers have asked for this share of what is left to them; with a "
            "suspension also when a day's cannot be met."},
    {.name = "suspension",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     .whole = true,
     .standard = "0 d",
     WHERE(run, suspension_days),
     .doc = "How long withdrawals stay suspended, once; 0 d: they never are, and what cannot be met waits."},
    {.name = "comes_back",
     SHARE,
     .standard = "100 %",
     WHERE(run, comes_back),
     .doc = "Over several years: the part of the coins withdrawn that is back at the next policy year."},
};
const struct hl_section hl_section_run = HL_SECTION(
    "run", "Customers withdraw their coins when a breach becomes known. Without this section they do not.", run_keys);

void hl_wallets_read(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct wallets w = {.refill_after_days = INFINITY};
    const struct hl_node *refill = node == NULL ? NULL : hl_node_get(node, "refill_after");
    const struct hl_node *restored = node == NULL ? NULL : hl_node_get(node, "restored");
    if (node != NULL)
        hl_keys_read(r, node, "wallets", &hl_section_wallets, &w);
    s->refill_after_days = w.refill_after_days;
    if (s->holdings_unlimited && restored != NULL && w.restored == 0) {
        struct hl_place at = hl_node_place(r, restored, "wallets.restored");
        hl_fault(r, &at, hl_node_words(restored), "unlimited holdings are always at their level");
    }
    s->wallets_restored = s->holdings_unlimited || w.restored != 0;
    if (s->wallets_restored && refill != NULL) {
        struct hl_place at = hl_node_place(r, refill, "wallets.refill_after");
        hl_fault(r, &at, hl_node_words(refill), "goes with wallets that stay empty, and these are restored");
    }
}

void hl_run_read(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_run_terms *out = &l->scenario->run;
    struct run t;
    hl_keys_read(r, node, "run", &hl_section_run, &t);
    *out = (struct hl_run_terms){.any = true,
                                 .above = t.above,
                                 .mean_days = t.mean_days,
                                 .liquid = t.liquid,
                                 .from_cold_per_day = t.from_cold_per_day,
                                 .suspends_at = t.suspends_at,
                                 .suspension_days = t.suspension_days,
                                 .comes_back = t.comes_back};
    if (t.share != NULL)
        hl_size_read(r, t.share, "run.share", true, &out->size);
}
