#include "scenario/reader.h"

#include <criterion/criterion.h>
#include <string.h>

static struct hl_arena memory;
static struct hl_error faults;
static struct hl_reader reader = {.arena = &memory, .scratch = &memory, .err = &faults, .file = "s.yaml"};

static void clean(void) {
    hl_arena_free(&memory);
    hl_error_free(&faults);
}

static const int lines[] = {2, 3, 4, 5};
static const int columns[] = {1, 1, 1, 1};

/* Rows 2 and 3 have the same id; row 1 has none. */
static void make_assets(const char **ids) {
    struct hl_catalog *c = &reader.catalogs[HL_CATALOG_ASSETS];
    *c = (struct hl_catalog){.file = "assets.csv", .count = 4, .ids = ids, .lines = lines, .columns = columns};
    hl_catalog_sort(&reader, c, "asset");
}

Test(reader, catalog_finds_the_first_row_and_reports_the_second, .fini = clean) {
    const char *ids[] = {"XRP", "", "BTC", "BTC"};
    make_assets(ids);
    const struct hl_catalog *c = &reader.catalogs[HL_CATALOG_ASSETS];
    cr_expect_eq(hl_catalog_find(c, "XRP"), 0);
    cr_expect_eq(hl_catalog_find(c, "BTC"), 2);
    cr_expect_eq(hl_catalog_find(c, "ETH"), (size_t)-1);
    cr_assert_eq(faults.count, 1);
    cr_expect_eq(faults.faults[0].line, 5);
    cr_expect_str_eq(faults.faults[0].value, "BTC");
    cr_expect_str_eq(faults.faults[0].message, "stands in line 4 already; an id names one row");
}

Test(reader, references_name_the_nearest_id_the_missing_table_or_nothing, .fini = clean) {
    const char *ids[] = {"XRP", "", "BTC", "SOL"};
    struct hl_place at = {"s.yaml", 1, 2, "key"};
    make_assets(ids);
    cr_expect_eq(hl_reference(&reader, HL_CATALOG_ASSETS, &at, "SOL"), 3);
    cr_expect_eq(faults.count, 0);
    cr_expect_eq(hl_reference(&reader, HL_CATALOG_ASSETS, &at, ""), (size_t)-1, "an empty id is no row");
    cr_expect_eq(hl_reference(&reader, HL_CATALOG_ASSETS, &at, "BTCC"), (size_t)-1);
    cr_expect_eq(hl_reference(&reader, HL_CATALOG_VENDORS, &at, "keyco"), (size_t)-1);
    cr_assert_eq(faults.count, 3);
    cr_expect_str_eq(faults.faults[1].message, "no such id in the table of assets (assets.csv); did you mean BTC?");
    cr_expect_str_eq(faults.faults[2].message, "the scenario has no table of vendors; name one at tables.vendors");
    reader.catalogs[HL_CATALOG_ASSETS].broken = true;
    hl_reference(&reader, HL_CATALOG_ASSETS, &at, "BTCC");
    cr_expect_eq(faults.count, 3, "what a broken table lacks is not judged");
}

Test(reader, paths_are_dotted_and_indexed, .fini = clean) {
    cr_expect_str_eq(hl_path(&reader, "", "trials"), "trials");
    cr_expect_str_eq(hl_path(&reader, hl_path_item(&reader, "funds", 2), "limit"), "funds[2].limit");
}

Test(reader, a_node_that_a_setting_made_has_no_line) {
    struct hl_node written = {.kind = HL_NODE_SCALAR, .line = 3, .column = 4, .text = "1"}, set = written;
    set.line = 0;
    cr_expect_str_eq(hl_node_place(&reader, &written, "seed").file, "s.yaml");
    cr_expect_str_eq(hl_node_place(&reader, &set, "seed").file, "--set");
    cr_expect_null(hl_node_place(&reader, &written, "").key);
}

Test(reader, only_an_unquoted_blank_is_empty) {
    struct hl_node node = {.kind = HL_NODE_SCALAR, .text = ""};
    cr_expect(hl_node_is_empty(&node));
    node.quoted = true;
    cr_expect_not(hl_node_is_empty(&node));
    node = (struct hl_node){.kind = HL_NODE_MAP};
    cr_expect_not(hl_node_is_empty(&node));
}

Test(reader, currencies_are_those_of_iso_4217) {
    static const struct {
        const char *code;
        bool known;
    } rows[] = {{"AED", true},  {"JPY", true}, {"USD", true}, {"ZWG", true},   {"BTC", false}, {"YEN", false},
                {"jpy", false}, {"JP", false}, {"", false},   {"JPYX", false}, {"ED ", false}, {" AF", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(hl_currency_is_known(rows[i].code), rows[i].known, "%s", rows[i].code);
}
