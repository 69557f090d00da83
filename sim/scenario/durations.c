/* Times: a duration, or drawn from a family of amounts that is told in durations instead of money. */
#include "models/severity.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>

double hl_time_days(const struct hl_time *t, double v) {
    return t->law.family == NULL ? t->days : fmin(hl_distribution_quantile(&t->law, v), HL_TIME_DAYS_MOST);
}

/* Observed amounts are money by their list, so that families of samples are left out. */
const char *hl_time_family_name(size_t place) {
    for (size_t i = 0; hl_severities[i] != NULL; i++)
        if (!hl_severities[i]->share && !hl_severities[i]->sample && place-- == 0)
            return hl_severities[i]->name;
    return NULL;
}

size_t hl_time_keys(struct hl_key *out, char (*texts)[32], const struct hl_severity *family) {
    size_t count = family->parameter_count;
    hl_parameter_keys(out, texts, family->parameters, count, offsetof(struct hl_distribution, p));
    for (size_t i = 0; i < count; i++) {
        if (out[i].unit != HL_UNIT_MONEY)
            continue;
        out[i].unit = HL_UNIT_DAYS;
        out[i].maximum = HL_TIME_DAYS_MOST;
    }
    return count;
}

static void read_law(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_distribution *out) {
    struct hl_key keys[HL_PARAMETERS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    size_t place = hl_pick(r, node, path, "family of times", hl_time_family_name, NULL);
    if (place == HL_NOT_PICKED)
        return;
    struct hl_distribution law = {.family = hl_severity_find(node->keys[place])};
    path = hl_path(r, path, law.family->name);
    struct hl_section section = {.path = path, .keys = keys, .count = hl_time_keys(keys, texts, law.family)};
    if (!hl_keys_read(r, node->items[place], path, &section, &law))
        return;
    const char *wrong = law.family->check == NULL ? NULL : law.family->check(&law);
    struct hl_place at = hl_node_place(r, node->items[place], path);
    if (wrong != NULL)
        hl_fault(r, &at, NULL, "%s", wrong);
    else
        *out = law;
}

void hl_time_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_time *out) {
    static const struct hl_key plain = {.kind = HL_KEY_NUMBER,
                                        .unit = HL_UNIT_DAYS,
                                        .maximum = HL_TIME_DAYS_MOST,
                                        .offset = offsetof(struct hl_time, days)};
    if (node->kind == HL_NODE_MAP)
        read_law(r, node, path, &out->law);
    else
        hl_key_read(r, &plain, node, path, out);
}
