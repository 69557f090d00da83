#include "scenario/keys.h"
#include "scenario/loading.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *color(size_t place) {
    static const char *const names[] = {"red", "green", "blue"};
    return place < 3 ? names[place] : NULL;
}

/* A map with a value of every kind. */
struct sample {
    double money;
    double price;
    double days;
    struct hl_numbers levels;
    const char *text;
    const char *id;
    const char *word;
    unsigned choice;
    uint32_t choices;
    size_t reference;
    struct hl_references references;
    const struct hl_node *node;
};
#define AT(member) .offset = offsetof(struct sample, member)
static const struct hl_key keys[] = {
    {.name = "money", .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY, AT(money)},
    {.name = "price", .kind = HL_KEY_PRICE, .unit = HL_UNIT_MONEY, .maximum = INFINITY, AT(price)},
    {.name = "days",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 100,
     .whole = true,
     .word = "never",
     .word_value = INFINITY,
     .standard = "2 w",
     AT(days)},
    {.name = "levels",
     .kind = HL_KEY_NUMBERS,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .distinct = true,
     .standard = "[50 %, 10 %]",
     AT(levels)},
    {.name = "text", .kind = HL_KEY_TEXT, AT(text)},
    {.name = "id", .kind = HL_KEY_ID, AT(id)},
    {.name = "word", .kind = HL_KEY_WORD, .choice = color, AT(word)},
    {.name = "choice", .kind = HL_KEY_CHOICE, .choice = color, .standard = "blue", AT(choice)},
    {.name = "choices", .kind = HL_KEY_CHOICES, .choice = color, .word = "all", AT(choices)},
    {.name = "reference", .kind = HL_KEY_REFERENCE, .catalog = HL_CATALOG_ASSETS, .word = "self", AT(reference)},
    {.name = "references", .kind = HL_KEY_REFERENCES, .catalog = HL_CATALOG_ASSETS, AT(references)},
    {.name = "node", .kind = HL_KEY_NODE, .shape = "anything", AT(node)},
};
static const struct hl_section section = HL_SECTION("", "A sample.", keys);

static struct hl_arena memory;
static struct hl_error faults;
static struct hl_reader reader = {.arena = &memory,
                                  .scratch = &memory,
                                  .err = &faults,
                                  .file = "s.yaml",
                                  .currencies = {.own = "EUR"},
                                  .quantum = 0.5};

static void clean(void) {
    hl_arena_free(&memory);
    hl_error_free(&faults);
}

/* Reads YAML as the sample; assets are BTC and ETH. */
static bool read_sample(const char *yaml, struct sample *out) {
    static const char *ids[] = {"BTC", "ETH"};
    static const int places[] = {2, 3};
    struct hl_catalog *c = &reader.catalogs[HL_CATALOG_ASSETS];
    struct hl_node *root = NULL;
    *c = (struct hl_catalog){.file = "assets.csv", .count = 2, .ids = ids, .lines = places, .columns = places};
    hl_catalog_sort(&reader, c, "asset");
    cr_assert_eq(hl_yaml_read(&root, &memory, "s.yaml", yaml, strlen(yaml), &faults), HL_OK);
    return hl_keys_read(&reader, root, "", &section, out);
}

Test(keys, read_every_kind, .fini = clean) {
    struct sample s;
    cr_assert(read_sample("money: 10.2\nprice: 10.2\ndays: never\nlevels: [90 %, 0.1, 50 %]\ntext: a b\nid: a-b_c.9\n"
                          "word: green\nchoice: green\nchoices: [blue, red]\nreference: ETH\nreferences: [ETH, BTC]\n"
                          "node: [1]\n",
                          &s));
    cr_expect_eq(s.money, 20, "10.2 in steps of 0.5");
    cr_expect_eq(s.price, 10.2);
    cr_expect_eq(s.days, INFINITY);
    cr_assert_eq(s.levels.count, 3);
    cr_expect(s.levels.items[0] == 0.1 && s.levels.items[1] == 0.5 && s.levels.items[2] == 0.9);
    cr_expect_str_eq(s.text, "a b");
    cr_expect_str_eq(s.id, "a-b_c.9");
    cr_expect_str_eq(s.word, "green");
    cr_expect_eq(s.choice, 1);
    cr_expect_eq(s.choices, 1u << 2 | 1u << 0);
    cr_expect_eq(s.reference, 1);
    cr_assert_eq(s.references.count, 2);
    cr_expect(s.references.given && !s.references.all && s.references.items[0] == 1 && s.references.items[1] == 0);
    cr_expect_eq(s.node->kind, HL_NODE_LIST);
}

Test(keys, defaults_are_read_like_the_users_text, .fini = clean) {
    struct sample s;
    cr_assert(read_sample("", &s));
    cr_expect(isnan(s.money) && isnan(s.price));
    cr_expect_eq(s.days, 14);
    cr_assert_eq(s.levels.count, 2);
    cr_expect(s.levels.items[0] == 0.1 && s.levels.items[1] == 0.5);
    cr_expect(s.text == NULL && s.id == NULL && s.word == NULL && s.node == NULL);
    cr_expect_eq(s.choice, 2);
    cr_expect_eq(s.choices, 0);
    cr_expect_eq(s.reference, (size_t)-1);
    cr_expect(!s.references.given && s.references.count == 0);
}

Test(keys, words_and_single_values_stand_for_lists, .fini = clean) {
    struct sample s;
    cr_assert(read_sample("levels: 25 %\nchoices: all\nreference: self\nreferences: all\n", &s));
    cr_expect(s.levels.count == 1 && s.levels.items[0] == 0.25);
    cr_expect_eq(s.choices, 7);
    cr_expect_eq(s.reference, (size_t)-1);
    cr_expect(s.references.all && s.references.count == 2 && s.references.items[1] == 1);
}

Test(keys, every_fault_of_a_map_is_found_in_one_pass, .fini = clean) {
    struct sample s;
    static const char *const want[] = {
        "unknown; did you mean text?",
        "must be an amount of money such as 48.2 bn, at least 0",
        "must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 100] days, whole, or never",
        "stands twice",
        "must be an id: 1 to 63 letters, digits, - _ .",
        "must be one of red, green, blue; did you mean red?",
        "stands twice",
        "no such id in the table of assets (assets.csv); did you mean ETH?",
    };
    cr_expect_not(read_sample("txet: x\nmoney: -1\ndays: 1.5 d\nlevels: [1, 100 %]\nid: a b\nword: rde\n"
                              "references: [BTC, BTC]\nreference: ETHH\n",
                              &s));
    cr_assert_eq(faults.count, sizeof want / sizeof *want);
    for (size_t i = 0; i < faults.count; i++) {
        bool found = false;
        for (size_t k = 0; k < faults.count; k++)
            found = found || strcmp(faults.faults[k].message, want[i]) == 0;
        cr_expect(found, "%s", want[i]);
    }
    cr_expect(isnan(s.money) && isnan(s.days) && s.id == NULL && s.word == NULL, "a faulty value is not given");
}

Test(keys, a_day_exists_or_not, .fini = clean) {
    static const struct {
        const char *text;
        bool exists;
    } rows[] = {{"2024-02-29", true},  {"2023-02-29", false}, {"1900-02-29", false}, {"2000-02-29", true},
                {"2024-04-31", false}, {"2024-12-31", true},  {"2024-13-01", false}, {"2024-00-10", false},
                {"2024-01-00", false}, {"2024-1-01", false},  {"20240101", false},   {"2024-01-01 ", false}};
    static const struct hl_key day = {.name = "day", .kind = HL_KEY_DATE};
    struct hl_place at = {"s.yaml", 1, 1, "day"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = NULL;
        cr_expect_eq(hl_key_read_text(&reader, &day, &at, rows[i].text, &text), rows[i].exists, "%s", rows[i].text);
    }
}

Test(keys, money_is_rounded_once_and_stays_countable, .fini = clean) {
    static const struct {
        const char *text;
        double quanta; /* of half a euro; NAN = refused */
    } rows[] = {
        {"0", 0},    {"0.25", NAN}, /* a tie, to even: 0 quanta */
        {"0.26", 1}, {"0.75", 2},   {"1 bn", 2e9}, {"2251799813685247.5", 0x1p52 - 1}, {"2251799813685248", NAN}};
    struct hl_place at = {"s.yaml", 1, 1, "money"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double money = NAN;
        bool good = hl_key_read_text(&reader, keys, &at, rows[i].text, &money);
        cr_expect_eq(good, !isnan(rows[i].quanta), "%s", rows[i].text);
        cr_expect(!good || money == rows[i].quanta, "%s: %g", rows[i].text, money);
    }
}

Test(keys, pick_takes_exactly_one_name, .fini = clean) {
    static const struct {
        const char *yaml;
        size_t picked; /* HL_NOT_PICKED: none */
        size_t faults;
    } rows[] = {{"{green: 1}", 0, 0},
                {"{also: 1, green: 1}", 1, 0},
                {"{red: 1, green: 1}", 0, 1},
                {"{gren: 1}", HL_NOT_PICKED, 1},
                {"{also: 1}", HL_NOT_PICKED, 1},
                {"[green]", HL_NOT_PICKED, 1},
                {"{}", HL_NOT_PICKED, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_node *map = NULL;
        size_t before = hl_faults(&reader);
        cr_assert_eq(hl_yaml_read(&map, &memory, "s.yaml", rows[i].yaml, strlen(rows[i].yaml), &faults), HL_OK);
        cr_expect_eq(hl_pick(&reader, map, "x", "color", color, "also"), rows[i].picked, "%s", rows[i].yaml);
        cr_expect_eq(hl_faults(&reader) - before, rows[i].faults, "%s", rows[i].yaml);
    }
}

Test(keys, parameters_of_families_become_rows) {
    static const struct hl_parameter parameters[] = {
        {.key = "a", .unit = HL_UNIT_NUMBER, .minimum = 0, .minimum_open = true, .maximum = 9, .standard = NAN},
        {.key = "b", .unit = HL_UNIT_FRACTION, .minimum = 0, .maximum = 1, .standard = 0.1}};
    struct hl_key rows[2];
    char texts[2][32];
    hl_parameter_keys(rows, texts, parameters, 2, 16);
    cr_expect(rows[0].required && rows[0].standard == NULL && rows[0].minimum_open && rows[0].offset == 16);
    cr_expect(!rows[1].required && rows[1].offset == 24 && rows[1].maximum == 1);
    cr_expect_str_eq(rows[1].standard, "0.1");
}

/* Every section of the format as an empty map: required keys are missing, and no default has a fault. */
Test(keys, the_formats_own_defaults_have_no_faults, .fini = clean) {
    const struct hl_section *sections[] = {&hl_section_scenario, &hl_section_tables,  &hl_section_exchanges,
                                           &hl_section_assets,   &hl_section_vendors, &hl_section_holdings,
                                           &hl_section_breach,   &hl_section_takes,   &hl_section_fund,
                                           &hl_section_amount,   &hl_section_report,  &hl_section_everything};
    static char room[4096];
    struct hl_node none = {.kind = HL_NODE_SCALAR, .line = 1, .column = 1, .text = ""};
    for (int id = 0; id < HL_CATALOG_COUNT; id++)
        reader.catalogs[id] = (struct hl_catalog){.file = "an empty table"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections + HL_FUND_COUNT; i++) {
        bool kind = i < HL_FUND_COUNT;
        const struct hl_section *read = kind ? hl_section_fund_kinds[i] : sections[i - HL_FUND_COUNT];
        size_t before = faults.count, required = 0;
        for (size_t k = 0; k < read->count; k++) {
            required += read->keys[k].required;
            cr_expect(read->keys[k].doc != NULL && read->keys[k].doc[strlen(read->keys[k].doc) - 1] == '.', "%s.%s",
                      read->path, read->keys[k].name);
        }
        hl_keys_read(&reader, &none, "", read, room);
        cr_expect_eq(faults.count - before, required, "%s", read->path);
    }
}
