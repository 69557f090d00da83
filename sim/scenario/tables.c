/* The tables: exchanges, assets, vendors and holdings. */
#include "base/csv.h"
#include "base/money.h"
#include "base/number.h"
#include "models/vector.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *const hl_owner_names[HL_OWNER_COUNT] = {[HL_OWNER_CUSTOMERS] = "customers",
                                                    [HL_OWNER_GUARANTEE] = "guarantee",
                                                    [HL_OWNER_HOUSE] = "house",
                                                    [HL_OWNER_RESERVE] = "reserve",
                                                    [HL_OWNER_PROTECTION_FUND] = "protection_fund"};

/* A choice is stored as an unsigned int into the enums of the rows. */
_Static_assert(sizeof(enum hl_tier) == sizeof(unsigned) && sizeof(enum hl_owner) == sizeof(unsigned), "enum size");

static const char *tier_name(size_t place) { return place < HL_TIER_COUNT ? hl_tier_names[place] : NULL; }
static const char *owner_name(size_t place) { return place < HL_OWNER_COUNT ? hl_owner_names[place] : NULL; }

const char *hl_confidence_name(size_t place) {
    static const char *const names[] = {"high", "medium", "low", "assumption"};
    return place < sizeof names / sizeof *names ? names[place] : NULL;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)
#define MONEY .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY
#define ORIGIN(type)                                                                                                   \
    {.name = "source", .kind = HL_KEY_TEXT, .required = true, WHERE(type, source), .doc = "Where the row is from."}, { \
        .name = "confidence", .kind = HL_KEY_WORD, .required = true, .choice = hl_confidence_name,                     \
        WHERE(type, confidence), .doc = "How far the row can be trusted."                                              \
    }

static const struct hl_key exchange_columns[] = {
    {.name = "exchange", .kind = HL_KEY_ID, .required = true, WHERE(hl_exchange, id), .doc = "The exchange's id."},
    {.name = "name",
     .kind = HL_KEY_TEXT,
     .standard_words = "the id",
     WHERE(hl_exchange, name),
     .doc = "Its name as people know it."},
    {.name = "jurisdiction",
     .kind = HL_KEY_COUNTRY,
     .required = true,
     WHERE(hl_exchange, jurisdiction),
     .doc = "The country whose rules it is under."},
    {.name = "as_of",
     .kind = HL_KEY_DATE,
     .required = true,
     WHERE(hl_exchange, as_of),
     .doc = "The day the figures are of."},
    {.name = "customer_fiat", MONEY, WHERE(hl_exchange, customer_fiat), .doc = "Customers' money, not in coins."},
    {.name = "annual_volume", MONEY, WHERE(hl_exchange, annual_volume), .doc = "Trading volume of the last year."},
    {.name = "highest_volume",
     MONEY,
     WHERE(hl_exchange, highest_volume),
     .doc = "The highest annual trading volume of the last three years."},
    {.name = "revenue", MONEY, WHERE(hl_exchange, revenue), .doc = "Revenue of the last year."},
    {.name = "fees", MONEY, WHERE(hl_exchange, fees), .doc = "Trading fees of the last year."},
    {.name = "fixed_overheads",
     MONEY,
     WHERE(hl_exchange, fixed_overheads),
     .doc = "Costs of a year that do not depend on trading."},
    {.name = "own_capital", MONEY, WHERE(hl_exchange, own_capital), .doc = "The firm's own capital."},
    {.name = "growth",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .minimum = -1,
     .minimum_open = true,
     .maximum = 10,
     .standard = "0",
     WHERE(hl_exchange, growth_per_year),
     .doc = "Over several years: by what part of itself a year everything held, and every amount that is a share of a "
            "figure, grows."},
    {.name = "age",
     .kind = HL_KEY_NUMBER,
     .maximum = 200,
     WHERE(hl_exchange, age_years),
     .doc = "Years since it opened."},
    {.name = "operating_expenses",
     MONEY,
     WHERE(hl_exchange, operating_expenses),
     .doc = "All costs of a year, the fixed overheads among them."},
    {.name = "past_losses",
     MONEY,
     WHERE(hl_exchange, past_losses),
     .doc = "What was stolen from its customers in the last ten years."},
    {.name = "customers",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .maximum = 1e10,
     .whole = true,
     WHERE(hl_exchange, customers),
     .doc = "How many customers it has."},
    {.name = "controls",
     .kind = HL_KEY_TEXT,
     .standard = "",
     WHERE(hl_exchange, controls),
     .doc = "What security controls are in place, in words."},
    ORIGIN(hl_exchange),
};
const struct hl_section hl_section_exchanges =
    HL_SECTION("exchanges[]", "The exchanges, one a row. An empty cell of money means that the figure is not known.",
               exchange_columns);

static const struct hl_key asset_columns[] = {
    {.name = "asset", .kind = HL_KEY_ID, .required = true, WHERE(hl_asset, id), .doc = "The asset's id, such as BTC."},
    {.name = "price",
     .kind = HL_KEY_PRICE,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .standard_words = "none: needed where holdings give units",
     WHERE(hl_asset, price),
     .doc = "Price of one unit on the day of the scenario."},
    {.name = "volatility",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 10,
     WHERE(hl_asset, volatility_per_year),
     .standard_words = "none: needed where the scenario has a market",
     .doc = "Standard deviation of a year's logarithmic return, such as 60 %."},
    {.name = "loadings",
     .kind = HL_KEY_TEXT,
     .shape = "factors of the market with correlations, such as crypto:0.8 usd:0.1",
     .standard_words = "none: it moves on its own",
     WHERE(hl_asset, loads_on),
     .doc = "Correlation of the price with each factor; their squares come to at most 1."},
    {.name = "token_of",
     .kind = HL_KEY_REFERENCE,
     .catalog = HL_CATALOG_EXCHANGES,
     .standard_words = "nobody",
     WHERE(hl_asset, token_of),
     .doc = "The exchange whose own token it is."},
    ORIGIN(hl_asset),
};
const struct hl_section hl_section_assets = HL_SECTION("assets[]", "What is held, one a row.", asset_columns);

static const struct hl_key vendor_columns[] = {
    {.name = "vendor", .kind = HL_KEY_ID, .required = true, WHERE(hl_vendor, id), .doc = "The vendor's id."},
    {.name = "name",
     .kind = HL_KEY_TEXT,
     .standard_words = "the id",
     WHERE(hl_vendor, name),
     .doc = "Its name as people know it."},
    {.name = "service",
     .kind = HL_KEY_TEXT,
     .standard = "",
     WHERE(hl_vendor, service),
     .doc = "What it does for its clients."},
    {.name = "uses",
     .kind = HL_KEY_TEXT,
     .standard = "",
     .shape = "ids of vendors, separated by spaces",
     WHERE(hl_vendor, built_on),
     .doc = "Vendors whose components it is built on: a breach there can pass to its own clients."},
    ORIGIN(hl_vendor),
};
const struct hl_section hl_section_vendors =
    HL_SECTION("vendors[]", "Custodians and suppliers of wallets, one a row.", vendor_columns);

static const struct hl_key holding_columns[] = {
    {.name = "exchange",
     .kind = HL_KEY_REFERENCE,
     .required = true,
     .catalog = HL_CATALOG_EXCHANGES,
     WHERE(hl_holding, exchange),
     .doc = "Whose books the coins are in."},
    {.name = "asset",
     .kind = HL_KEY_REFERENCE,
     .required = true,
     .catalog = HL_CATALOG_ASSETS,
     WHERE(hl_holding, asset),
     .doc = "Which coins."},
    {.name = "tier",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = tier_name,
     WHERE(hl_holding, tier),
     .doc = "How the keys are kept: online, online with a delay or a second hand, offline."},
    {.name = "custodian",
     .kind = HL_KEY_REFERENCE,
     .catalog = HL_CATALOG_VENDORS,
     .word = "self",
     .standard = "self",
     WHERE(hl_holding, custodian),
     .doc = "Who keeps the keys, or whose software does."},
    {.name = "owner",
     .kind = HL_KEY_CHOICE,
     .choice = owner_name,
     .standard = "customers",
     WHERE(hl_holding, owner),
     .doc = "Whose coins: customers', guarantee coins kept apart for them, the firm's own, or what the reserve or a "
            "protection fund is held in."},
    {.name = "units",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_NUMBER,
     .maximum = INFINITY,
     .standard_words = "none: give units or value",
     WHERE(hl_holding, units),
     .doc = "How many coins; their value is units times the asset's price."},
    {.name = "value",
     MONEY,
     .standard_words = "none: give units or value",
     WHERE(hl_holding, value),
     .doc = "What the coins are worth."},
    {.name = "wallets",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .minimum = 1,
     .maximum = 1e9,
     .whole = true,
     .standard = "1",
     WHERE(hl_holding, wallets),
     .doc = "Over how many wallets with keys of their own the coins are spread."},
    {.name = "largest_share",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .minimum_open = true,
     .maximum = 1,
     .standard_words = "1 / wallets",
     WHERE(hl_holding, largest_share),
     .doc = "Share of the coins in the largest wallet; the others hold equal parts of the rest."},
    ORIGIN(hl_holding),
};
const struct hl_section hl_section_holdings =
    HL_SECTION("holdings[]", "Coins of one exchange, asset, tier, custodian and owner, one a row.", holding_columns);

/* ---- reading any table ------------------------------------------------------------------------------------------- */

static bool is_ignored(const char *column) { return strcmp(column, "note") == 0 || strcmp(column, "notes") == 0; }

/* Finds the cell of every key: places[k] is its column, or column_count. Returns false after adding a fault. */
static bool match_header(struct hl_reader *r, const struct hl_csv *csv, const struct hl_section *section,
                         size_t *places) {
    size_t before = hl_faults(r);
    uint64_t meant = 0;
    for (size_t k = 0; k < section->count; k++)
        places[k] = csv->column_count;
    for (size_t c = 0; c < csv->column_count; c++) {
        const struct hl_csv_cell *cell = &csv->header[c];
        size_t k = 0;
        while (k < section->count && strcmp(section->keys[k].name, cell->text) != 0)
            k++;
        if (k < section->count) {
            places[k] = c;
        } else if (!is_ignored(cell->text)) {
            struct hl_place at = {csv->file, cell->line, cell->column, cell->text};
            const struct hl_key *near = hl_key_unknown(r, &at, cell->text, section);
            if (near != NULL)
                meant |= (uint64_t)1 << (near - section->keys);
        }
    }
    for (size_t k = 0; k < section->count; k++)
        if (places[k] == csv->column_count && section->keys[k].required && (meant >> k & 1) == 0)
            hl_fault(r, &(struct hl_place){csv->file, csv->header->line, 0, section->keys[k].name}, NULL,
                     "the table has no such column, and it is required");
    return hl_faults(r) == before;
}

/* Reads one row into `base`. Returns false when it has a fault. */
static bool read_row(struct hl_reader *r, const struct hl_csv *csv, size_t row, const struct hl_section *section,
                     const size_t *places, void *base) {
    const struct hl_csv_cell *cells = csv->cells + row * csv->column_count;
    size_t before = hl_faults(r);
    for (size_t k = 0; k < section->count; k++) {
        const struct hl_key *key = &section->keys[k];
        bool there = places[k] < csv->column_count;
        const struct hl_csv_cell *cell = there ? &cells[places[k]] : cells;
        struct hl_place at = {csv->file, cell->line, cell->column, key->name};
        const char *text = there && *cell->text != '\0' ? cell->text : key->standard;
        hl_key_clear(key, base);
        if (text != NULL)
            hl_key_read_text(r, key, &at, text, base);
        else if (there && key->required)
            hl_key_missing(r, &at, key);
    }
    return hl_faults(r) == before;
}

static void read_rows(struct hl_reader *r, size_t row_size, struct hl_table *out) {
    const struct hl_csv *csv = &out->csv;
    const struct hl_section *section = out->section;
    size_t *places = hl_reader_array(r, r->scratch, section->count, sizeof *places);
    out->places = places;
    out->rows = hl_reader_array(r, r->arena, csv->row_count, row_size);
    out->faulty = hl_reader_array(r, r->scratch, csv->row_count, sizeof *out->faulty);
    if (places == NULL || out->rows == NULL || out->faulty == NULL)
        return;
    out->broken = !match_header(r, csv, section, places) || csv->row_count == 0;
    out->count = csv->row_count;
    for (size_t i = 0; i < csv->row_count; i++)
        out->faulty[i] = !read_row(r, csv, i, section, places, (char *)out->rows + i * row_size) || out->broken;
    if (csv->row_count == 0)
        hl_fault(r, &(struct hl_place){csv->file, csv->header->line, 0, NULL}, NULL, "the table has no rows");
}

struct hl_place hl_table_cell(const struct hl_table *t, size_t row, const char *key, const char **text) {
    const struct hl_csv_cell *cells = t->csv.cells + row * t->csv.column_count;
    *text = NULL;
    for (size_t k = 0; k < t->section->count; k++)
        if (strcmp(t->section->keys[k].name, key) == 0 && t->places[k] < t->csv.column_count) {
            const struct hl_csv_cell *cell = &cells[t->places[k]];
            *text = cell->text;
            return (struct hl_place){t->file, cell->line, cell->column, key};
        }
    return (struct hl_place){t->file, cells->line, 0, key};
}

/* What the map `tables` says: names of files, or rows. */
struct table_nodes {
    const struct hl_node *exchanges;
    const struct hl_node *holdings;
    const struct hl_node *assets;
    const struct hl_node *vendors;
    const struct hl_node *volumes;
};
#define TABLE .kind = HL_KEY_NODE, .shape = "the name of a CSV file, or its rows as a list of maps"
static const struct hl_key table_keys[] = {
    {.name = "exchanges", TABLE, .required = true, WHERE(table_nodes, exchanges), .doc = "The table of exchanges."},
    {.name = "holdings",
     .kind = HL_KEY_NODE,
     .shape = "the name of a CSV file, its rows as a list of maps, or unlimited",
     .required = true,
     WHERE(table_nodes, holdings),
     .doc = "The table of coins held. unlimited: at every exchange one hot wallet of the first asset, with more in it "
            "than any breach takes, so that breaches take amounts and no shares."},
    {.name = "assets",
     TABLE,
     .required = true,
     WHERE(table_nodes, assets),
     .doc = "The table of assets and their prices."},
    {.name = "vendors",
     TABLE,
     .standard_words = "none: needed where holdings name custodians",
     WHERE(table_nodes, vendors),
     .doc = "The table of vendors."},
    {.name = "volumes",
     TABLE,
     .standard_words = "none: nothing of those classes is traded",
     WHERE(table_nodes, volumes),
     .doc = "The table of volumes by class of Japan's art. 175."},
};
const struct hl_section hl_section_tables =
    HL_SECTION("tables",
               "CSV files, their names relative to the scenario's folder, or the rows themselves, as a list of maps "
               "from columns to "
               "values. Columns may stand in any order; columns named note or notes are not read.",
               table_keys);

/* The cells of a CSV file that the scenario names. */
static bool read_file(struct hl_loading *l, const struct hl_node *name, const struct hl_place *at, const char *folder,
                      struct hl_table *out) {
    struct hl_reader *r = &l->reader;
    size_t size = 0;
    out->file = hl_arena_format(r->arena, "%s%s", *name->text == '/' ? "" : folder, name->text);
    if (out->file == NULL) {
        hl_fail_memory(r->err);
        return false;
    }
    const char *bytes = hl_input_read(l, at, name->text, out->file, HL_CSV_BYTES, &size);
    return bytes != NULL && hl_csv_read(&out->csv, r->scratch, out->file, bytes, size, r->err) == HL_OK;
}

static struct hl_table read_table(struct hl_loading *l, const struct hl_node *node, const char *folder,
                                  const struct hl_key *key, const struct hl_section *section, size_t row_size) {
    struct hl_reader *r = &l->reader;
    struct hl_table table = {.broken = true, .section = section};
    if (node == NULL)
        return table;
    const char *path = hl_path(r, "tables", key->name);
    struct hl_place at = hl_node_place(r, node, path);
    bool named = node->kind == HL_NODE_SCALAR && *node->text != '\0', read = false;
    if (named)
        read = read_file(l, node, &at, folder, &table);
    else if (node->kind == HL_NODE_LIST)
        read = hl_inline_read(r, node, path, &table.csv);
    else
        hl_key_refuse(r, key, &at, hl_node_is_empty(node) ? "nothing" : hl_node_words(node));
    if (!named)
        table.file = r->file;
    if (read)
        read_rows(r, row_size, &table);
    return table;
}

/* Makes the ids of a table known, so that others can refer to them. */
static void make_catalog(struct hl_reader *r, enum hl_catalog_id id, const struct hl_table *table, size_t row_size,
                         size_t id_offset, const char *column) {
    struct hl_catalog *c = &r->catalogs[id];
    int *lines = hl_reader_array(r, r->scratch, table->count, sizeof *lines);
    int *columns = hl_reader_array(r, r->scratch, table->count, sizeof *columns);
    const char **ids = hl_reader_array(r, r->scratch, table->count, sizeof *ids);
    *c = (struct hl_catalog){.file = table->file, .broken = table->broken};
    if (lines == NULL || columns == NULL || ids == NULL)
        return;
    for (size_t i = 0; i < table->count; i++) {
        const char *text = NULL;
        struct hl_place at = hl_table_cell(table, i, column, &text);
        memcpy(&text, (const char *)table->rows + i * row_size + id_offset, sizeof text);
        ids[i] = text == NULL ? "" : text;
        lines[i] = at.line;
        columns[i] = at.column;
    }
    *c = (struct hl_catalog){table->file, table->broken, table->count, ids, NULL, lines, columns, table->faulty};
    hl_catalog_sort(r, c, column);
}

/* ---- holdings ---------------------------------------------------------------------------------------------------- */

/* Units times price, rounded to quanta. Returns false after adding a fault. */
static bool value_units(struct hl_loading *l, size_t row) {
    struct hl_reader *r = &l->reader;
    struct hl_holding *h = &l->scenario->holdings[row];
    const struct hl_asset *asset = &l->scenario->assets[h->asset];
    const struct hl_catalog *assets = &r->catalogs[HL_CATALOG_ASSETS];
    const char *units;
    struct hl_place at = hl_table_cell(&l->holdings, row, "units", &units);
    if (isnan(asset->price)) {
        if (!assets->faulty[h->asset])
            hl_fault(r, &at, units, "%s has no price: give one in line %d of %s, or a value here", asset->id,
                     assets->lines[h->asset], assets->file);
        return false;
    }
    h->value = hl_money_quanta(h->units * asset->price, r->quantum);
    if (!(h->value < HL_MONEY_MOST)) {
        char most[32];
        h->value = NAN;
        hl_number_text(most, sizeof most, HL_MONEY_MOST * r->quantum);
        hl_fault(r, &at, units, "worth too much at the price of %s: money is exact below %s %s only", asset->id, most,
                 r->currencies.own);
        return false;
    }
    if (h->units > 0 && h->value == 0) {
        hl_fault(r, &at, units, "worth nothing at the price of %s, after rounding", asset->id);
        return false;
    }
    return true;
}

/* One wallet's share is at least 1 / wallets; what is less by rounding of the text only is set to it. */
static bool check_wallets(struct hl_loading *l, size_t row) {
    struct hl_holding *h = &l->scenario->holdings[row];
    if (isnan(h->largest_share))
        h->largest_share = 1 / h->wallets;
    bool good = h->largest_share * h->wallets >= 1 - 1e-9;
    if (!good) {
        const char *share, *wallets;
        hl_table_cell(&l->holdings, row, "wallets", &wallets);
        struct hl_place at = hl_table_cell(&l->holdings, row, "largest_share", &share);
        hl_fault(&l->reader, &at, share, "the largest of %s wallets holds at least 1/%s; leave it empty for equal ones",
                 wallets == NULL ? "1" : wallets, wallets == NULL ? "1" : wallets);
    }
    h->largest_share = fmax(h->largest_share, 1 / h->wallets);
    return good;
}

static void finish_holding(struct hl_loading *l, size_t row) {
    const struct hl_holding *h = &l->scenario->holdings[row];
    if (l->holdings.faulty[row])
        return;
    const char *value;
    struct hl_place at = hl_table_cell(&l->holdings, row, "value", &value);
    bool known = h->exchange != HL_NONE && h->asset != HL_NONE; /* else their table has the fault */
    bool good = check_wallets(l, row);
    if (isnan(h->units) == isnan(h->value)) {
        hl_fault(&l->reader, &at, isnan(h->units) ? NULL : value,
                 isnan(h->units) ? "missing; give units or value" : "give units or value, not both");
        good = false;
    } else if (known && !isnan(h->units)) {
        good = value_units(l, row) && good;
    }
    l->holdings.faulty[row] = !good || !known;
}

static int compare_size(size_t left, size_t right) { return (left > right) - (left < right); }

static int compare_holdings(const void *a, const void *b, void *rows) {
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    const struct hl_holding *x = (const struct hl_holding *)rows + left, *y = (const struct hl_holding *)rows + right;
    int order = compare_size(x->exchange, y->exchange);
    order = order != 0 ? order : compare_size(x->asset, y->asset);
    order = order != 0 ? order : compare_size(x->tier, y->tier);
    order = order != 0 ? order : compare_size(x->custodian, y->custodian);
    order = order != 0 ? order : compare_size(x->owner, y->owner);
    return order != 0 ? order : compare_size(left, right);
}

static bool same_holding(const struct hl_holding *x, const struct hl_holding *y) {
    return x->exchange == y->exchange && x->asset == y->asset && x->tier == y->tier && x->custodian == y->custodian &&
           x->owner == y->owner;
}

/* Two rows of the same coins are a slip of the pen. */
static void check_doubled(struct hl_loading *l) {
    struct hl_reader *r = &l->reader;
    const struct hl_holding *rows = l->scenario->holdings;
    size_t *order = hl_reader_array(r, r->scratch, l->holdings.count, sizeof *order);
    size_t count = 0;
    for (size_t i = 0; order != NULL && i < l->holdings.count; i++)
        if (!l->holdings.faulty[i])
            order[count++] = i;
    if (count == 0)
        return;
    qsort_r(order, count, sizeof *order, compare_holdings, l->scenario->holdings);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (!same_holding(&rows[order[i]], &rows[order[first]])) {
            first = i;
            continue;
        }
        const char *text;
        int line = hl_table_cell(&l->holdings, order[first], "exchange", &text).line;
        struct hl_place at = hl_table_cell(&l->holdings, order[i], "exchange", &text);
        hl_fault(r, &at, text, "the same exchange, asset, tier, custodian and owner as line %d: add them up in one row",
                 line);
    }
}

/* ---- assets ------------------------------------------------------------------------------------------------------ */

/* Where prices move, an asset says how. */
static void finish_asset(struct hl_loading *l, const struct hl_table *t, size_t row) {
    struct hl_asset *a = &l->scenario->assets[row];
    const char *text;
    struct hl_place at = hl_table_cell(t, row, "volatility", &text);
    if (!l->scenario->market.moves || l->prices_told || t->faulty[row])
        return;
    if (isnan(a->volatility_per_year))
        hl_fault(&l->reader, &at, NULL, "%s has none, and the scenario has a market; 0 %% is a price that stands still",
                 a->id);
    at = hl_table_cell(t, row, "loadings", &text);
    if (a->loads_on != NULL)
        a->loadings = hl_loadings_read(l, &at, a->loads_on);
}

/* ---- all tables -------------------------------------------------------------------------------------------------- */

static void name_by_id(const char **name, const char *id) {
    if (*name == NULL)
        *name = id;
}

void hl_tables_read(struct hl_loading *l, const struct hl_node *tables, const char *folder) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct table_nodes nodes;
    bool named = hl_keys_read(r, tables, "tables", &hl_section_tables, &nodes);
    struct hl_table t =
        read_table(l, nodes.exchanges, folder, &table_keys[0], &hl_section_exchanges, sizeof *s->exchanges);
    make_catalog(r, HL_CATALOG_EXCHANGES, &t, sizeof *s->exchanges, offsetof(struct hl_exchange, id), "exchange");
    s->exchanges = t.rows;
    s->exchange_count = t.count;
    t = read_table(l, nodes.assets, folder, &table_keys[2], &hl_section_assets, sizeof *s->assets);
    make_catalog(r, HL_CATALOG_ASSETS, &t, sizeof *s->assets, offsetof(struct hl_asset, id), "asset");
    s->assets = t.rows;
    s->asset_count = t.count;
    for (size_t i = 0; i < s->asset_count; i++)
        finish_asset(l, &t, i);
    t = read_table(l, nodes.vendors, folder, &table_keys[3], &hl_section_vendors, sizeof *s->vendors);
    t.broken = t.broken && !(named && nodes.vendors == NULL); /* the one table that a scenario may do without */
    make_catalog(r, HL_CATALOG_VENDORS, &t, sizeof *s->vendors, offsetof(struct hl_vendor, id), "vendor");
    s->vendors = t.rows;
    s->vendor_count = t.count;
    hl_vendors_link(l, &t);
    bool counted = !hl_unlimited_make(l, nodes.holdings);
    if (counted) {
        l->holdings = read_table(l, nodes.holdings, folder, &table_keys[1], &hl_section_holdings, sizeof *s->holdings);
        s->holdings = l->holdings.rows;
        s->holding_count = l->holdings.count;
    }
    t = read_table(l, nodes.volumes, folder, &table_keys[4], &hl_section_volumes, sizeof *s->volumes);
    s->volumes = t.rows;
    s->volume_count = t.count;
    hl_volumes_check(l, &t);

    for (size_t i = 0; i < s->exchange_count; i++)
        name_by_id(&s->exchanges[i].name, s->exchanges[i].id);
    for (size_t i = 0; i < s->vendor_count; i++)
        name_by_id(&s->vendors[i].name, s->vendors[i].id);
    for (size_t i = 0; i < l->holdings.count; i++)
        finish_holding(l, i);
    check_doubled(l);
}
