/* The keys of every kind of funds but insurance, and the terms that have a reader of their own. */
#include "scenario/fund_terms.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

const char *const hl_haircut_names[HL_HAIRCUT_RULE_COUNT] = {
    [HL_HAIRCUT_ALL_COINS] = "all_coins",
    [HL_HAIRCUT_COINS_AND_FIAT] = "coins_and_fiat",
    [HL_HAIRCUT_BY_ASSET] = "by_asset",
};

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static const struct hl_key common_keys[] = {HL_FUND_COMMON_KEYS};
const struct hl_section hl_section_fund = HL_SECTION(
    "funds[].<kind>",
    "Who pays, in this order: a list, empty when nobody does. An entry is the name of a kind alone, or a map "
    "of one kind to its terms. These terms every kind has.",
    common_keys);

static const struct hl_key recovery_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "share",
     HL_KEY_FRACTION,
     .required = true,
     HL_FUND_WHERE(recovered_share),
     .doc = "Share of each breach's claim that comes back."},
    {.name = "bounty",
     HL_KEY_FRACTION,
     .standard = "0",
     HL_FUND_WHERE(bounty_share),
     .doc = "Share of what comes back that goes to who gives it back."},
};
static const struct hl_section recovery_section = HL_SECTION("funds[].recovery", NULL, recovery_keys);

static const struct hl_key guarantee_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "refill",
     HL_KEY_FRACTION,
     .standard = "100 %",
     HL_FUND_WHERE(refill_per_year),
     .doc = "Share of it that comes in at the start of each later year, up to what it was, as balances grow."},
};
static const struct hl_section guarantee_section = HL_SECTION("funds[].guarantee_crypto", NULL, guarantee_keys);

#define AMOUNT                                                                                                         \
    .name = "amount", .kind = HL_KEY_NODE, .shape = HL_AMOUNT_SHAPE, HL_FUND_WHERE(amount),                            \
    .doc = "How much there is of it when it is full; a share of a figure grows with the exchange."
#define HELD_IN                                                                                                        \
    {                                                                                                                  \
        .name = "held_in", .kind = HL_KEY_NODE,                                                                        \
        .shape = "cash, an asset, or a map of shares such as {cash: 40 %, BTC: 60 %}", .standard_words = "cash",       \
        HL_FUND_WHERE(held_in), .doc = "What the amount is held in: an asset's price moves its worth."                 \
    }
#define STOCK_KEYS                                                                                                     \
    {.name = "start",                                                                                                  \
     HL_KEY_FRACTION,                                                                                                  \
     .standard = "100 %",                                                                                              \
     HL_FUND_WHERE(start),                                                                                             \
     .doc = "Share of the amount that is there on day 0."},                                                            \
    {                                                                                                                  \
        .name = "refill", HL_KEY_FRACTION, .standard = "0", HL_FUND_WHERE(refill_per_year),                            \
        .doc = "Share of the amount that comes in at the start of each later year, up to the amount."                  \
    }
#define INSTALMENT_KEYS                                                                                                \
    {.name = "instalments",                                                                                            \
     .kind = HL_KEY_NUMBER,                                                                                            \
     .unit = HL_UNIT_COUNT,                                                                                            \
     .minimum = 1,                                                                                                     \
     .maximum = 120,                                                                                                   \
     .whole = true,                                                                                                    \
     .standard = "1",                                                                                                  \
     HL_FUND_WHERE(instalments),                                                                                       \
     .doc = "In how many equal parts the amount comes in."},                                                           \
    {                                                                                                                  \
        .name = "every", .kind = HL_KEY_NUMBER, .unit = HL_UNIT_DAYS, .minimum = 1, .maximum = 3650, .whole = true,    \
        .standard_words = "none: with instalments only", HL_FUND_WHERE(every_days),                                    \
        .doc = "Whole days from one instalment to the next."                                                           \
    }
#define COST                                                                                                           \
    {                                                                                                                  \
        .name = "cost", HL_KEY_FRACTION, .standard = "0", HL_FUND_WHERE(cost_per_year),                                \
        .doc = "What it costs in a year, as a share of the amount; told apart, and paid by nobody here."               \
    }
#define INCOME                                                                                                         \
    {                                                                                                                  \
        .name = "income", .kind = HL_KEY_NODE, .shape = HL_AMOUNT_SHAPE, .standard_words = "none",                     \
        HL_FUND_WHERE(income),                                                                                         \
        .doc = "What comes in in a year: 30/365 of it every 30 days, and no more than is missing of the amount."       \
    }
#define TOP_UP                                                                                                         \
    {                                                                                                                  \
        .name = "top_up_below", HL_KEY_FRACTION, .standard = "0", HL_FUND_WHERE(top_up_below),                         \
        .doc = "Every 30 days it is filled up when it is worth less than this share of the amount."                    \
    }
#define DISCOUNT                                                                                                       \
    {                                                                                                                  \
        .name = "discount", HL_KEY_FRACTION, .maximum_open = true, .standard = "0", HL_FUND_WHERE(discount),           \
        .doc = "Share of the amount that is lost in raising it."                                                       \
    }

static const struct hl_key reserve_keys[] = {
    HL_FUND_COMMON_KEYS, {AMOUNT, .required = true}, HELD_IN, STOCK_KEYS, INCOME, TOP_UP, COST,
};
static const struct hl_section reserve_section = HL_SECTION("funds[].reserve", NULL, reserve_keys);

static const struct hl_key protection_fund_keys[] = {
    HL_FUND_COMMON_KEYS, {AMOUNT, .required = true}, HELD_IN, STOCK_KEYS, INCOME, TOP_UP, INSTALMENT_KEYS, COST,
};
static const struct hl_section protection_fund_section =
    HL_SECTION("funds[].protection_fund", NULL, protection_fund_keys);

static const struct hl_key own_capital_keys[] = {
    HL_FUND_COMMON_KEYS, {AMOUNT, .standard = "{share: 100 %, of: own_capital}"}, HELD_IN, STOCK_KEYS, INCOME,
    INSTALMENT_KEYS,
};
static const struct hl_section own_capital_section = HL_SECTION("funds[].own_capital", NULL, own_capital_keys);

static const struct hl_key promise_keys[] = {
    HL_FUND_COMMON_KEYS, {AMOUNT, .required = true}, HELD_IN, STOCK_KEYS, INSTALMENT_KEYS, HL_FUND_FAILS_KEY, COST,
};
static const struct hl_section parent_section = HL_SECTION("funds[].parent", NULL, promise_keys);
static const struct hl_section credit_line_section = HL_SECTION("funds[].credit_line", NULL, promise_keys);

static const struct hl_key raised_keys[] = {
    HL_FUND_COMMON_KEYS, {AMOUNT, .required = true}, HELD_IN, STOCK_KEYS, INSTALMENT_KEYS, DISCOUNT,
};
static const struct hl_section asset_sale_section = HL_SECTION("funds[].asset_sale", NULL, raised_keys);
static const struct hl_section token_issue_section = HL_SECTION("funds[].token_issue", NULL, raised_keys);

static const struct hl_key pool_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "amount",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = HL_AMOUNT_SHAPE,
     HL_FUND_WHERE(amount),
     .doc = "What is in the common fund when it is full, once for all members."},
    STOCK_KEYS,
    {.name = "calls",
     .kind = HL_KEY_NODE,
     .shape = HL_AMOUNT_SHAPE,
     .standard = "0",
     HL_FUND_WHERE(calls),
     .doc = "The most that each member can be called for in a year, when the fund does not suffice for another."},
    HL_FUND_FAILS_KEY,
    COST,
};
static const struct hl_section pool_section = HL_SECTION("funds[].pool", NULL, pool_keys);

static const struct hl_key deposit_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "limit",
     HL_KEY_MONEY,
     .required = true,
     .minimum_open = true,
     HL_FUND_WHERE(deposit.limit),
     .doc = "The most that each customer gets."},
    {.name = "customers",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .minimum = 1,
     .maximum = 1e12,
     .whole = true,
     .standard_words = "the exchange's column customers",
     HL_FUND_WHERE(deposit.customers),
     .doc = "How many customers there are."},
    {.name = "sigma",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_NUMBER,
     .maximum = 10,
     .standard = "0",
     HL_FUND_WHERE(deposit.sigma),
     .doc = "How unequal their balances are: sigma of a lognormal law; 0 = all equal."},
};
static const struct hl_section deposit_section = HL_SECTION("funds[].deposit_insurance", NULL, deposit_keys);

static const struct hl_section transfer_section = HL_SECTION("funds[].transfer", NULL, common_keys);

static const char *rank_name(size_t place) {
    static const char *const names[] = {"first", "pari_passu"};
    return place < sizeof names / sizeof *names ? names[place] : NULL;
}

static const struct hl_key administrator_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "estate",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = HL_AMOUNT_SHAPE,
     HL_FUND_WHERE(amount),
     .doc = "What there is to be shared out; a share of a figure grows with the exchange."},
    HELD_IN,
    {.name = "other_creditors",
     .kind = HL_KEY_NODE,
     .shape = HL_AMOUNT_SHAPE,
     .standard = "0",
     HL_FUND_WHERE(other_creditors),
     .doc = "What others are owed out of the estate."},
    {.name = "customers",
     .kind = HL_KEY_CHOICE,
     .choice = rank_name,
     .standard = "first",
     HL_FUND_WHERE(pari_passu),
     .doc = "Customers come first, or share the estate with the other creditors."},
};
static const struct hl_section administrator_section = HL_SECTION("funds[].administrator", NULL, administrator_keys);

static const struct hl_section insurance_section = {
    .path = "funds[].insurance", .keys = hl_insurance_keys, .count = HL_INSURANCE_KEY_COUNT};

const struct hl_section *const hl_section_fund_kinds[HL_FUND_COUNT] = {
    [HL_FUND_recovery] = &recovery_section,
    [HL_FUND_guarantee_crypto] = &guarantee_section,
    [HL_FUND_reserve] = &reserve_section,
    [HL_FUND_insurance] = &insurance_section,
    [HL_FUND_own_capital] = &own_capital_section,
    [HL_FUND_parent] = &parent_section,
    [HL_FUND_protection_fund] = &protection_fund_section,
    [HL_FUND_credit_line] = &credit_line_section,
    [HL_FUND_asset_sale] = &asset_sale_section,
    [HL_FUND_token_issue] = &token_issue_section,
    [HL_FUND_pool] = &pool_section,
    [HL_FUND_deposit_insurance] = &deposit_section,
    [HL_FUND_transfer] = &transfer_section,
    [HL_FUND_administrator] = &administrator_section,
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct failure_terms {
    double rate;
    const char *climate;
};
static const struct hl_key failure_keys[] = {
    {.name = "rate",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_RATE,
     .required = true,
     .maximum = 1000,
     .offset = offsetof(struct failure_terms, rate),
     .doc = "How often a year it would fail if it could fail again and again."},
    {.name = "climate",
     .kind = HL_KEY_ID,
     .standard_words = "none",
     .offset = offsetof(struct failure_terms, climate),
     .doc = "The bad years in which it fails more often: one of climates."},
};
const struct hl_section hl_section_failure =
    HL_SECTION("funds[].<kind>.fails", "A counterparty that fails for good.", failure_keys);

void hl_failure_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_failure *out) {
    struct hl_reader *r = &l->reader;
    struct failure_terms t;
    if (!hl_keys_read(r, node, path, &hl_section_failure, &t))
        return;
    out->rate_per_year = t.rate;
    if (t.climate == NULL)
        return;
    struct hl_place at = hl_node_place(r, hl_node_get(node, "climate"), hl_path(r, path, "climate"));
    out->climate = hl_climate_named(l, &at, t.climate);
}

static const struct hl_key whole_key = {
    .name = "held_in", .kind = HL_KEY_REFERENCE, .catalog = HL_CATALOG_ASSETS, .word = "cash"};
static const struct hl_key part_key = {.name = "share", HL_KEY_FRACTION, .minimum_open = true};

/* The shares of a map; they must add up to 1. The last is told as what the others leave, so that they do to the bit. */
static void read_parts(struct hl_reader *r, const struct hl_node *map, const char *path, struct hl_part *parts) {
    double sum = 0;
    size_t before = hl_faults(r);
    for (size_t i = 0; i < map->count; i++) {
        const char *name = map->keys[i], *place = hl_path(r, path, name);
        struct hl_place at = {map->key_lines[i] == 0 ? "--set" : r->file, map->key_lines[i], map->key_columns[i],
                              place};
        parts[i].asset = strcmp(name, "cash") == 0 ? HL_NONE : hl_reference(r, HL_CATALOG_ASSETS, &at, name);
        if (hl_key_read(r, &part_key, map->items[i], place, &parts[i].share))
            sum += parts[i].share;
    }
    if (hl_faults(r) > before)
        return;
    if (map->count == 0 || fabs(sum - 1) > 1e-9) {
        char text[32];
        struct hl_place at = hl_node_place(r, map, path);
        hl_number_text(text, sizeof text, sum);
        hl_fault(r, &at, NULL, "the shares must add up to 1, and come to %s", text);
        return;
    }
    parts[map->count - 1].share = 1;
    for (size_t i = 0; i + 1 < map->count; i++)
        parts[map->count - 1].share -= parts[i].share;
}

void hl_parts_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_fund *out) {
    struct hl_reader *r = &l->reader;
    size_t count = node->kind == HL_NODE_MAP ? node->count : 1;
    struct hl_part *parts = hl_reader_array(r, r->arena, count, sizeof *parts);
    if (parts == NULL)
        return;
    if (node->kind == HL_NODE_MAP) {
        read_parts(r, node, path, parts);
    } else {
        parts[0] = (struct hl_part){.asset = HL_NONE, .share = 1};
        hl_key_read(r, &whole_key, node, path, &parts[0].asset);
    }
    if (count == 1 && parts[0].asset == HL_NONE)
        return;
    out->parts = parts;
    out->part_count = count;
}
