/* The table of volumes: what firms traded that are securities firms too. */
#include "models/rule.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

static const char *class_name(size_t place) { return place < HL_CLASS_COUNT ? hl_class_names[place] : NULL; }

static const struct hl_key volume_columns[] = {
    {.name = "exchange",
     .kind = HL_KEY_REFERENCE,
     .required = true,
     .catalog = HL_CATALOG_EXCHANGES,
     WHERE(hl_volume, exchange),
     .doc = "Who traded."},
    {.name = "class",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = class_name,
     WHERE(hl_volume, kind),
     .doc = "A class of transactions of art. 175 of Japan's order on securities firms."},
    {.name = "value",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .maximum = INFINITY,
     .required = true,
     WHERE(hl_volume, value),
     .doc = "What was traded in the year, as the class counts it: value, contract amount or premium."},
    {.name = "years_ago",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .maximum = 2,
     .whole = true,
     .standard = "0",
     WHERE(hl_volume, years_ago),
     .doc = "Which year: the current one, or the first or second before it."},
    {.name = "source",
     .kind = HL_KEY_TEXT,
     .required = true,
     WHERE(hl_volume, source),
     .doc = "Where the row is from."},
    {.name = "confidence",
     .kind = HL_KEY_WORD,
     .required = true,
     .choice = hl_confidence_name,
     WHERE(hl_volume, confidence),
     .doc = "How far the row can be trusted."},
};
const struct hl_section hl_section_volumes = HL_SECTION(
    "volumes[]", "What firms traded that are securities firms too, for the rule jp_sec_175.", volume_columns);

/* Of each exchange, class and year there is one row. */
void hl_volumes_check(struct hl_loading *l, const struct hl_table *t) {
    const struct hl_volume *rows = l->scenario->volumes;
    for (size_t i = 1; i < t->count; i++) {
        size_t same = 0;
        while (same < i && (t->faulty[same] || rows[same].exchange != rows[i].exchange ||
                            rows[same].kind != rows[i].kind || rows[same].years_ago != rows[i].years_ago))
            same++;
        if (same == i || t->faulty[i])
            continue;
        const char *text;
        int line = hl_table_cell(t, same, "exchange", &text).line;
        struct hl_place at = hl_table_cell(t, i, "exchange", &text);
        hl_fault(&l->reader, &at, text, "the same exchange, class and year as line %d: one row says it all", line);
    }
}
