#include "engine/result.h"

const char *const hl_entity_kind_names[] = {"system", "exchange", "vendor", "vector", "source"};

const char *const hl_basis_names[HL_BASIS_COUNT] = {"all", "earmarked"};

const char *const hl_perspective_names[HL_PERSPECTIVE_COUNT] = {
    [HL_GROSS] = "gross",
    [HL_CLAIM] = "claim",
    [HL_SHORTFALL] = "shortfall",
    [HL_JOINT_SHORTFALL] = "joint_shortfall",
    [HL_HAIRCUT] = "haircut",
    [HL_DAYS_UNTIL_WHOLE] = "days_until_whole",
    [HL_RESERVE_NEEDED] = "reserve_needed",
    [HL_INSURANCE_NEEDED] = "insurance_needed",
    [HL_PAID] = "paid",
    [HL_LEFT_AFTER] = "left_after",
    [HL_WITHDRAWN] = "withdrawn",
    [HL_BACKLOG] = "backlog",
    [HL_DAYS_UNPAID] = "days_unpaid",
    [HL_SUSPENDED] = "suspended",
    [HL_INSURANCE_GAIN] = "insurance_gain",
    [HL_CONTROL_COST] = "control_cost",
    [HL_FUND_COST] = "fund_cost",
    [HL_PREMIUM] = "premium",
    [HL_REINSTATEMENT_PREMIUM] = "reinstatement_premium",
    [HL_CALLED] = "called",
    [HL_HAIRCUT_SHARE] = "haircut_share",
    [HL_INSOLVENT] = "insolvent",
};

const char *const hl_metric_names[HL_METRIC_COUNT] = {
    [HL_P_BREACH] = "p_breach",
    [HL_P_POSITIVE] = "p_positive",
    [HL_MEAN] = "mean",
    [HL_SD] = "sd",
    [HL_MEAN_IF_POSITIVE] = "mean_if_positive",
    [HL_MEAN_GIVEN_BREACH] = "mean_given_breach",
    [HL_VAR] = "var",
    [HL_TVAR] = "tvar",
    [HL_VAR_GIVEN_BREACH] = "var_given_breach",
    [HL_AEP] = "aep",
    [HL_AEP_TVAR] = "aep_tvar",
    [HL_OEP] = "oep",
    [HL_OEP_TVAR] = "oep_tvar",
    [HL_P_ABOVE] = "p_above",
    [HL_MEAN_ABOVE] = "mean_above",
    [HL_P_UNPAID_AFTER] = "p_unpaid_after",
    [HL_P_AT_LEAST] = "p_at_least",
    [HL_SHARE_AT] = "share_at",
    [HL_P_ATTACH] = "p_attach",
    [HL_P_EXHAUST] = "p_exhaust",
    [HL_P_SHORT_BY] = "p_short_by",
    [HL_CONTRIBUTION] = "contribution",
};

const char *const hl_row_status_names[HL_ROW_STATUS_COUNT] = {
    [HL_ROW_OK] = "ok",
    [HL_ROW_FEW_HITS] = "few_hits",
    [HL_ROW_BEYOND_SAMPLE] = "beyond_sample",
    [HL_ROW_OPEN_ABOVE] = "open_above",
    [HL_ROW_NO_EVENTS] = "no_events",
    [HL_ROW_NOT_ATTAINABLE] = "not_attainable",
    [HL_ROW_NOTHING_TO_SIZE] = "nothing_to_size",
    [HL_ROW_NEVER] = "never",
    [HL_ROW_NO_INTERVAL] = "no_valid_interval",
    [HL_ROW_EXACT] = "exact",
    [HL_ROW_CONTROLLED] = "controlled",
};

#define HL_ORDER(field)                                                                                                \
    if (a->field != b->field)                                                                                          \
    return a->field < b->field ? -1 : 1

/* Negative, zero or positive as `a` stands before, at or after `b` in the table. Levels are never NaN. */
static int key_compare(const struct hl_row_key *a, const struct hl_row_key *b) {
    HL_ORDER(policy);
    HL_ORDER(outer);
    HL_ORDER(year);
    HL_ORDER(item);
    HL_ORDER(entity);
    HL_ORDER(basis);
    HL_ORDER(perspective);
    HL_ORDER(metric);
    HL_ORDER(level);
    return 0;
}

#undef HL_ORDER

int hl_row_compare(const void *a, const void *b) {
    return key_compare(&((const struct hl_row *)a)->key, &((const struct hl_row *)b)->key);
}

const struct hl_row *hl_result_find(const struct hl_result *r, struct hl_row_key key) {
    size_t first = 0;
    size_t end = r->row_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = key_compare(&r->rows[middle].key, &key);
        if (order == 0)
            return &r->rows[middle];
        if (order < 0) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return NULL;
}

void hl_result_free(struct hl_result *r) {
    if (!r)
        return;
    hl_arena_free(&r->arena);
    *r = (struct hl_result){0};
}
