/* Insurance contracts: what is insured, on what terms, and for what premium. */
#include "models/vector.h"
#include "scenario/fund_terms.h"

#include <string.h>

#define WHERE(member) HL_FUND_WHERE(contract.member)
#define MONEY HL_KEY_MONEY
#define FRACTION HL_KEY_FRACTION

#define ALL_VECTORS ((1u << HL_VECTOR_COUNT) - 1)

static const char *vector_name(size_t place) { return place < HL_VECTOR_COUNT ? hl_vectors[place].name : NULL; }
static const char *tier_name(size_t place) { return place < HL_TIER_COUNT ? hl_tier_names[place] : NULL; }

const char *const hl_valuation_names[HL_VALUATION_COUNT] = {
    [HL_VALUED_AT_DISCOVERY] = "discovery",
    [HL_VALUED_AT_THEFT] = "theft",
    [HL_VALUED_AT_PAYMENT] = "payment",
};
static const char *valuation_name(size_t place) {
    return place < HL_VALUATION_COUNT ? hl_valuation_names[place] : NULL;
}

enum { CONTRACT_COVERED, CONTRACT_EXCLUDED, CONTRACT_WORD_COUNT };
static const char *const contract_words[CONTRACT_WORD_COUNT] = {
    [CONTRACT_COVERED] = "covered", [CONTRACT_EXCLUDED] = "excluded"};
static const char *contract_word(size_t place) { return place < CONTRACT_WORD_COUNT ? contract_words[place] : NULL; }

/* ---- forms: what contracts of a kind usually cover; assumptions, and every key beside the form wins ---------------
 */

static const struct form {
    const char *name;
    uint32_t covers;
    uint32_t tiers;
    bool excludes_third_parties;
} forms[] = {
    {"crime", 1u << HL_VECTOR_hot_wallet_drain | 1u << HL_VECTOR_insider | 1u << HL_VECTOR_key_leak,
     1u << HL_HOT | 1u << HL_WARM, true},
    {"specie", 1u << HL_VECTOR_cold_wallet_compromise | 1u << HL_VECTOR_insider, 1u << HL_COLD, true},
    {"cyber",
     1u << HL_VECTOR_account_takeover | 1u << HL_VECTOR_smart_contract | 1u << HL_VECTOR_third_party_compromise, 0,
     false},
};

static const char *form_name(size_t place) { return place < sizeof forms / sizeof *forms ? forms[place].name : NULL; }

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define PRICE_SHAPE "a fraction such as 100 %, or a list of them, such as [100 %, 50 %]"
#define NET_SHAPE "the name of an insurance before this one, or a list of such names"
#define PREMIUM_SHAPE "an amount of money, or a map such as {load: 30 %, of_sd: 20 %}"

const struct hl_key hl_insurance_keys[] = {
    HL_FUND_COMMON_KEYS,
    HL_FUND_FAILS_KEY,
    {.name = "form",
     .kind = HL_KEY_WORD,
     .choice = form_name,
     .standard_words = "none",
     WHERE(form),
     .doc =
         "What such contracts usually cover, as an assumption; covers, tiers and third_parties beside it win. crime: "
         "hot_wallet_drain, insider and key_leak, hot and warm coins, not through vendors. specie: "
         "cold_wallet_compromise and insider, cold coins, not through vendors. cyber: account_takeover, "
         "smart_contract and third_party_compromise, all coins."},
    {.name = "covers",
     .kind = HL_KEY_CHOICES,
     .choice = vector_name,
     .word = "all",
     .standard_words = "all, or the form's",
     WHERE(layer.covers),
     .doc = "The vectors whose losses are insured."},
    {.name = "tiers",
     .kind = HL_KEY_CHOICES,
     .choice = tier_name,
     .word = "all",
     .standard_words = "all, or the form's",
     WHERE(tiers),
     .doc = "Where the coins were that are insured."},
    {.name = "third_parties",
     .kind = HL_KEY_WORD,
     .choice = contract_word,
     .standard_words = "covered, or the form's",
     WHERE(third_parties),
     .doc = "Whether losses through vendors are insured."},
    {.name = "excluded_vendors",
     .kind = HL_KEY_REFERENCES,
     .catalog = HL_CATALOG_VENDORS,
     .standard_words = "none",
     WHERE(excluded_vendors),
     .doc = "Vendors through whose breaches losses are not insured."},
    {.name = "deductible",
     MONEY,
     .standard = "0",
     WHERE(layer.deductible),
     .doc = "What the insured bears of each event's loss, before the attachment."},
    {.name = "attachment",
     MONEY,
     .standard = "0",
     WHERE(layer.attachment),
     .doc = "Loss of one breach that the insured bears before the layer begins."},
    {.name = "limit",
     MONEY,
     .required = true,
     .word = "unlimited",
     .word_value = INFINITY,
     WHERE(layer.limit),
     .doc = "The most of one breach's loss above the attachment that is insured."},
    {.name = "share",
     FRACTION,
     .minimum_open = true,
     .standard = "100 %",
     WHERE(layer.share),
     .doc = "Share of the layer that the insurer bears; all other terms are at 100 %."},
    {.name = "aggregate_deductible",
     MONEY,
     .standard = "0",
     WHERE(layer.aggregate_deductible),
     .doc = "What the layer's losses of a year must exceed before it pays."},
    {.name = "aggregate_limit",
     MONEY,
     .word = "unlimited",
     .word_value = INFINITY,
     .standard = "unlimited",
     WHERE(layer.aggregate_limit),
     .doc = "The most that the layer pays in a year."},
    {.name = "reinstatements",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .maximum = 1000,
     .whole = true,
     .word = "unlimited",
     .word_value = INFINITY,
     .standard = "unlimited",
     WHERE(layer.reinstatements),
     .doc = "How often the limit is filled up again in a year after it has been paid."},
    {.name = "reinstatement_price",
     .kind = HL_KEY_NODE,
     .shape = PRICE_SHAPE,
     .standard_words = "0",
     WHERE(reinstatement_price),
     .doc = "What filling the limit up again costs, of the premium, in proportion to what is filled up; where the "
            "premium is given it comes off the firm's own capital. The last price is that of all that follow."},
    {.name = "hours",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 365,
     .standard = "0 d",
     WHERE(layer.hours_days),
     .doc = "Thefts within this time of the first of them are one event, told in whole days; 0: each is one."},
    {.name = "waiting_period",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     .standard = "0 d",
     WHERE(waiting_days),
     .doc = "Coins that are taken before this time from the start are not insured."},
    {.name = "trigger",
     MONEY,
     .minimum_open = true,
     .standard_words = "none",
     WHERE(layer.trigger),
     .doc = "Parametric: the whole limit is due when an event's loss is above this, else nothing."},
    {.name = "valued_at",
     .kind = HL_KEY_CHOICE,
     .choice = valuation_name,
     .standard = "discovery",
     WHERE(valued_at),
     .doc = "The day at whose prices the loss is told."},
    {.name = "net_of",
     .kind = HL_KEY_NODE,
     .shape = NET_SHAPE,
     .standard_words = "none",
     WHERE(net_of),
     .doc = "Insurances before this one: what they have paid comes off its loss (they inure to its benefit)."},
    {.name = "denied",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {probability: 10 %, climate: threat}",
     .standard_words = "never",
     WHERE(denied),
     .doc = "That the insurer refuses a claim that is insured: drawn once a breach; it then erodes nothing."},
    {.name = "premium",
     .kind = HL_KEY_NODE,
     .shape = PREMIUM_SHAPE,
     .standard_words = "not told",
     WHERE(premium),
     .doc = "Of a year, for the insurer's share: given, or priced on what the run expects the layer to pay."},
};
_Static_assert(sizeof hl_insurance_keys / sizeof *hl_insurance_keys == HL_INSURANCE_KEY_COUNT, "as the header says");

/* A denial as written. */
struct denied_terms {
    double probability;
    const char *climate;
};
static const struct hl_key denied_keys[] = {
    {.name = "probability",
     FRACTION,
     .required = true,
     .offset = offsetof(struct denied_terms, probability),
     .doc = "Of each breach that is insured."},
    {.name = "climate",
     .kind = HL_KEY_ID,
     .standard_words = "none",
     .offset = offsetof(struct denied_terms, climate),
     .doc = "The bad years that it is multiplied with, up to 1: one of climates."},
};
const struct hl_section hl_section_denied =
    HL_SECTION("funds[].insurance.denied", "Claims that the insurer refuses.", denied_keys);

/* A premium that is priced. */
struct priced_terms {
    double load;
    double of_sd;
};
static const struct hl_key priced_keys[] = {
    {.name = "load",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 100,
     .standard = "0",
     .offset = offsetof(struct priced_terms, load),
     .doc = "On what the layer is expected to pay in a year."},
    {.name = "of_sd",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 100,
     .standard = "0",
     .offset = offsetof(struct priced_terms, of_sd),
     .doc = "Of the standard deviation of what the layer pays in a year."},
};
const struct hl_section hl_section_priced = HL_SECTION(
    "funds[].insurance.premium",
    "A premium that is priced: with what reinstatements are expected to bring in, it is what the layer is expected to "
    "pay and the loads.",
    priced_keys);

static const struct hl_key price_key = {
    .name = "reinstatement_price", .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 10};
static const struct hl_key given_key = {.name = "premium", MONEY, .minimum_open = true};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_denied(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_chance *out) {
    struct hl_reader *r = &l->reader;
    struct denied_terms t;
    if (!hl_keys_read(r, node, path, &hl_section_denied, &t))
        return;
    out->probability = t.probability;
    if (t.climate == NULL)
        return;
    struct hl_place at = hl_node_place(r, hl_node_get(node, "climate"), hl_path(r, path, "climate"));
    out->climate = hl_climate_named(l, &at, t.climate);
}

static void read_premium(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_contract *out) {
    struct priced_terms t;
    if (node->kind == HL_NODE_MAP) {
        if (!hl_keys_read(r, node, path, &hl_section_priced, &t))
            return;
        out->premium = HL_PREMIUM_PRICED;
        out->premium_load = t.load;
        out->premium_of_sd = t.of_sd;
    } else if (node->kind == HL_NODE_LIST) {
        struct hl_place at = hl_node_place(r, node, path);
        hl_fault(r, &at, "a list", "must be %s", PREMIUM_SHAPE);
    } else if (hl_key_read(r, &given_key, node, path, &out->premium_amount)) {
        out->premium = HL_PREMIUM_GIVEN;
    }
}

/* Adds the fault of a key that does not go with what else is said. */
static void refuse(struct hl_reader *r, const struct hl_node *terms, const char *path, const char *key,
                   const char *why) {
    const struct hl_node *node = hl_node_get(terms, key);
    struct hl_place at = hl_node_place(r, node, hl_path(r, path, key));
    hl_fault(r, &at, hl_node_words(node), "%s", why);
}

/* One price, or one for each reinstatement in turn. */
static void read_prices(struct hl_reader *r, const struct hl_node *node, const char *path,
                        struct hl_layer_terms *layer) {
    bool list = node->kind == HL_NODE_LIST;
    size_t count = list ? node->count : 1;
    double *prices = hl_reader_array(r, r->arena, count, sizeof *prices);
    struct hl_place at = hl_node_place(r, node, path);
    if (prices == NULL)
        return;
    if (count == 0 || node->kind == HL_NODE_MAP) {
        hl_fault(r, &at, hl_node_words(node), "must be %s", PRICE_SHAPE);
        return;
    }
    for (size_t i = 0; i < count; i++)
        hl_key_read(r, &price_key, list ? node->items[i] : node, list ? hl_path_item(r, path, i) : path, &prices[i]);
    layer->reinstatement_prices = prices;
    layer->reinstatement_price_count = count;
}

/* One name of an earlier insurance. */
static void read_net_name(struct hl_loading *l, const struct hl_node *node, const char *path, size_t before,
                          bool *net_of) {
    struct hl_reader *r = &l->reader;
    const struct hl_fund *funds = l->scenario->funds;
    struct hl_place at = hl_node_place(r, node, path);
    const char **names = hl_reader_array(r, r->scratch, before + 1, sizeof *names);
    if (names == NULL)
        return;
    if (node->kind != HL_NODE_SCALAR) {
        hl_fault(r, &at, hl_node_words(node), "must be %s", NET_SHAPE);
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < before; i++) {
        if (funds[i].kind != HL_FUND_insurance || funds[i].name == NULL)
            continue;
        if (strcmp(funds[i].name, node->text) == 0) {
            net_of[i] = true;
            return;
        }
        names[count++] = funds[i].name;
    }
    hl_fault(r, &at, node->text, "no insurance of this name stands before this one%s",
             hl_suggestion(r, node->text, names, count));
}

static void read_net_of(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_fund *out) {
    struct hl_reader *r = &l->reader;
    bool *net_of = hl_reader_array(r, r->arena, HL_FUNDS_MOST, sizeof *net_of);
    size_t before = (size_t)(out - l->scenario->funds);
    if (net_of == NULL)
        return;
    if (node->kind != HL_NODE_LIST)
        read_net_name(l, node, path, before, net_of);
    for (size_t i = 0; node->kind == HL_NODE_LIST && i < node->count; i++)
        read_net_name(l, node->items[i], hl_path_item(r, path, i), before, net_of);
    out->contract.net_of = net_of;
}

static void read_excluded(struct hl_loading *l, const struct hl_references *vendors, struct hl_contract *out) {
    if (vendors->count == 0)
        return;
    bool *excluded = hl_reader_array(&l->reader, l->reader.arena, l->scenario->vendor_count, sizeof *excluded);
    if (excluded == NULL)
        return;
    for (size_t i = 0; i < vendors->count; i++)
        if (vendors->items[i] != HL_NONE)
            excluded[vendors->items[i]] = true;
    out->excluded = excluded;
}

/* What the form says, and what is said beside it. */
static void take_form(const struct hl_contract_terms *t, struct hl_fund *out) {
    struct form form = {.covers = ALL_VECTORS};
    for (size_t i = 0; t->form != NULL && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, t->form) == 0)
            form = forms[i];
    out->layer.covers = t->layer.covers != 0 ? t->layer.covers : form.covers;
    out->contract.tiers = t->tiers != 0 ? t->tiers : form.tiers;
    out->contract.excludes_third_parties = t->third_parties == NULL
                                               ? form.excludes_third_parties
                                               : strcmp(t->third_parties, contract_words[CONTRACT_EXCLUDED]) == 0;
}

/* What goes together, of numbers that have no fault. */
static void check_terms(struct hl_reader *r, const struct hl_node *terms, const char *path, const struct hl_fund *f) {
    const struct hl_layer_terms *layer = &f->layer;
    if (layer->trigger > 0 && layer->attachment > 0)
        refuse(r, terms, path, "attachment", "does not go with a trigger");
    if (layer->trigger > 0 && layer->deductible > 0)
        refuse(r, terms, path, "deductible", "does not go with a trigger");
    if (layer->trigger > 0 && isinf(layer->limit))
        refuse(r, terms, path, "trigger", "goes with a limit");
    if (layer->reinstatement_price_count == 0)
        return;
    if (f->contract.premium == HL_PREMIUM_NONE && hl_node_get(terms, "premium") == NULL)
        refuse(r, terms, path, "reinstatement_price", "goes with a premium, given or priced");
    if (isinf(layer->limit))
        refuse(r, terms, path, "reinstatement_price", "goes with a limit");
    if ((double)layer->reinstatement_price_count > layer->reinstatements)
        refuse(r, terms, path, "reinstatement_price", "has more prices than there are reinstatements");
}

void hl_contract_read(struct hl_loading *l, const struct hl_node *terms, const char *path,
                      const struct hl_contract_terms *t, struct hl_fund *out) {
    struct hl_reader *r = &l->reader;
    out->layer = t->layer;
    out->layer.trigger = isnan(t->layer.trigger) ? 0 : t->layer.trigger;
    out->contract = (struct hl_contract){
        .waiting_days = t->waiting_days, .denied = {.climate = HL_NONE}, .valued_at = (enum hl_valuation)t->valued_at};
    take_form(t, out);
    read_excluded(l, &t->excluded_vendors, &out->contract);
    if (t->denied != NULL)
        read_denied(l, t->denied, hl_path(r, path, "denied"), &out->contract.denied);
    if (t->premium != NULL)
        read_premium(r, t->premium, hl_path(r, path, "premium"), &out->contract);
    if (t->reinstatement_price != NULL)
        read_prices(r, t->reinstatement_price, hl_path(r, path, "reinstatement_price"), &out->layer);
    if (t->net_of != NULL)
        read_net_of(l, t->net_of, hl_path(r, path, "net_of"), out);
    if (terms != NULL)
        check_terms(r, terms, path, out);
}
