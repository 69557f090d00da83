/* The CSV tables of a results folder.
 *
 * ept, alt and alct have the names, the order and the codes of Oasis Open Results Data; columns of ours stand after
 * theirs. A value that does not exist is an empty cell, and the Status column says why.
 * Source: ORD_List_of_Fields.csv of OasisLMF/ODS_OpenExposureData (EPCalc 2 = full uncertainty; EPType 1 = OEP,
 * 2 = OEP TVaR, 3 = AEP, 4 = AEP TVaR; SampleType 2 = sampled); columns of ALCT: aalcalc of OasisLMF/ktools.
 */
#include "base/file.h"
#include "engine/parallel.h"
#include "results/csv_cells.h"
#include "results/files.h"
#include "results/layers.h"
#include "results/write.h"

#include <math.h>
#include <string.h>

enum { EP_FULL_UNCERTAINTY = 2, EP_OEP = 1, EP_OEP_TVAR = 2, EP_AEP = 3, EP_AEP_TVAR = 4, SAMPLE_TYPE_SAMPLED = 2 };

/* Standard error and interval of a row; empty when there is no row. */
static void cells_error(struct table *t, const struct hl_row *row) {
    cell_number(t, row ? row->error : NAN);
    cell_number(t, row ? row->low : NAN);
    cell_number(t, row ? row->high : NAN);
}

static void cell_status(struct table *t, const struct hl_row *row) {
    cell_text(t, row ? hl_row_status_names[row->status] : "");
}

static const char *fund_name(const struct hl_result *r, const struct hl_row_key *key) {
    return hl_is_of_fund(key->perspective) && key->item < r->scenario->fund_count ? r->scenario->funds[key->item].name
                                                                                  : "";
}

#define RUN_COLUMNS "Policy,Sampling,Year"

static void cells_run(struct table *t, const struct hl_result *r, const struct hl_row_key *key) {
    cell_text(t, r->policies[key->policy]);
    cell_text(t, r->samplings[key->outer]);
    cell_count(t, key->year);
}

static void cells_entity(struct table *t, const struct hl_result *r, const struct hl_row_key *key) {
    cell_text(t, hl_entity_kind_names[r->entities[key->entity].kind]);
    cell_text(t, r->entities[key->entity].name);
}

#define SUMMARY_COLUMNS "Kind,Entity,Perspective,Basis,Fund," RUN_COLUMNS

static void cells_summary(struct table *t, const struct hl_result *r, const struct hl_row_key *key) {
    cells_entity(t, r, key);
    cell_text(t, hl_perspective_names[key->perspective]);
    cell_text(t, hl_basis_names[key->basis]);
    cell_text(t, fund_name(r, key));
    cells_run(t, r, key);
}

/* Rows of one summary differ in metric and level only; the table's order keeps them together. */
static bool same_summary(const struct hl_row_key *a, const struct hl_row_key *b) {
    return a->policy == b->policy && a->outer == b->outer && a->year == b->year && a->item == b->item &&
           a->entity == b->entity && a->basis == b->basis && a->perspective == b->perspective;
}

/* The row beside `row` that differs in perspective, item, metric and level; NULL when there is none. */
static const struct hl_row *beside(const struct hl_result *r, const struct hl_row *row, enum hl_perspective perspective,
                                   size_t item, enum hl_metric metric, double level) {
    struct hl_row_key key = row->key;
    key.perspective = perspective;
    key.item = (uint16_t)item;
    key.metric = metric;
    key.level = level;
    return hl_result_find(r, key);
}

uint64_t hl_summary_of_gross(const struct hl_result *r, uint32_t entity) {
    const struct hl_row_key wanted = {.year = r->whole, .entity = entity, .perspective = HL_GROSS};
    uint64_t summary = 0;
    for (size_t k = 0; k < r->row_count; k++) {
        if (k == 0 || !same_summary(&r->rows[k - 1].key, &r->rows[k].key))
            summary++;
        if (same_summary(&r->rows[k].key, &wanted))
            return summary;
    }
    return 0;
}

/* Writes the lines of one row, when its metric belongs into the table; `summary` counts from 1. */
typedef void table_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary);

static void ept_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    uint64_t type = 0;
    if (row->key.metric == HL_OEP)
        type = EP_OEP;
    if (row->key.metric == HL_OEP_TVAR)
        type = EP_OEP_TVAR;
    if (row->key.metric == HL_AEP)
        type = EP_AEP;
    if (row->key.metric == HL_AEP_TVAR)
        type = EP_AEP_TVAR;
    if (type == 0)
        return;
    cell_count(t, summary);
    cell_count(t, EP_FULL_UNCERTAINTY);
    cell_count(t, type);
    cell_number(t, row->key.level);
    cell_number(t, row->value);
    cells_error(t, row);
    cell_status(t, row);
    cells_summary(t, r, &row->key);
    end_row(t);
}

/* Means of money a year; days and premiums are no loss. */
static bool is_mean_loss(const struct hl_row *row) {
    enum hl_perspective what = row->key.perspective;
    return row->key.metric == HL_MEAN && what != HL_DAYS_UNTIL_WHOLE && what != HL_PREMIUM &&
           what != HL_REINSTATEMENT_PREMIUM;
}

static double sd_beside(const struct hl_result *r, const struct hl_row *row) {
    const struct hl_row *sd = beside(r, row, row->key.perspective, row->key.item, HL_SD, 0);
    return sd ? sd->value : NAN;
}

static void alt_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    if (!is_mean_loss(row))
        return;
    cell_count(t, summary);
    cell_count(t, SAMPLE_TYPE_SAMPLED);
    cell_number(t, row->value);
    cell_number(t, sd_beside(r, row));
    cells_error(t, row);
    cell_status(t, row);
    cells_summary(t, r, &row->key);
    end_row(t);
}

static void alct_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    if (!is_mean_loss(row))
        return;
    cell_count(t, summary);
    cell_number(t, row->value);
    cell_number(t, sd_beside(r, row));
    cell_count(t, r->trials);
    cell_number(t, row->low);
    cell_number(t, row->high);
    cell_number(t, row->error);
    cell_number(t, row->value != 0 ? row->error / fabs(row->value) : NAN);
    cell_status(t, row);
    cells_summary(t, r, &row->key);
    end_row(t);
}

static void summary_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    if (row > r->rows && same_summary(&row[-1].key, &row->key))
        return;
    cell_count(t, summary);
    cells_summary(t, r, &row->key);
    end_row(t);
}

static void shortfall_line(struct table *t, const struct hl_result *r, const struct hl_row_key *key, double extra,
                           const struct hl_row *probability, const struct hl_row *deficit) {
    cells_entity(t, r, key);
    cell_text(t, hl_basis_names[key->basis]);
    cell_number(t, extra);
    cell_number(t, probability ? probability->value : NAN);
    cells_error(t, probability);
    cell_status(t, probability);
    cell_number(t, deficit ? deficit->value : NAN);
    cells_error(t, deficit);
    cell_status(t, deficit);
    cells_run(t, r, key);
    end_row(t);
}

/* P(shortfall) with more reserve. Each curve starts with no more than stated, also where nothing else is known. */
static void shortfall_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    (void)summary;
    const struct hl_row_key *key = &row->key;
    if (key->perspective == HL_SHORTFALL && key->metric == HL_P_POSITIVE &&
        !beside(r, row, HL_RESERVE_NEEDED, 0, HL_P_ABOVE, 0))
        shortfall_line(t, r, key, 0, row, NULL);
    if (key->perspective == HL_RESERVE_NEEDED && key->metric == HL_P_ABOVE)
        shortfall_line(t, r, key, key->level, row, beside(r, row, HL_RESERVE_NEEDED, 0, HL_MEAN_ABOVE, key->level));
}

/* A value with its error and status. */
static void cells_estimate(struct table *t, const struct hl_row *row) {
    cell_number(t, row ? row->value : NAN);
    cells_error(t, row);
    cell_status(t, row);
}

static void layer_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    (void)summary;
    const struct hl_row_key *key = &row->key;
    if (key->perspective != HL_PAID || key->metric != HL_P_ATTACH)
        return;
    struct hl_layer_figures f = hl_layer_figures_of(r, key->entity, key->item);
    cells_entity(t, r, key);
    cell_text(t, fund_name(r, key));
    cells_estimate(t, f.ceded);
    cell_number(t, f.sd ? f.sd->value : NAN);
    cells_estimate(t, row);
    cells_estimate(t, f.exhaust);
    cell_number(t, f.attach_years);
    cell_number(t, f.exhaust_years);
    cells_estimate(t, f.premium);
    cells_estimate(t, f.reinstatement);
    cell_number(t, f.rate_on_line);
    cell_number(t, f.loss_ratio);
    cells_run(t, r, key);
    end_row(t);
}

static void payer_line(struct table *t, const struct hl_result *r, const struct hl_row *row, const char *payer,
                       double *before) {
    cells_entity(t, r, &row->key);
    cell_number(t, row->key.level);
    cell_text(t, payer);
    cell_number(t, row->value);
    cells_error(t, row);
    cell_status(t, row);
    cell_number(t, isfinite(row->value) ? *before : NAN);
    cells_run(t, r, &row->key);
    end_row(t);
    if (isfinite(row->value))
        *before += row->value;
}

/* All payers of one entity and return period, in the order of payment; the customers' own share is last. */
static void payer_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    (void)summary;
    if (row->key.perspective != HL_HAIRCUT || row->key.metric != HL_SHARE_AT || row->key.basis != HL_BASIS_ALL)
        return;
    double before = 0;
    for (size_t item = 0; item < r->scenario->fund_count; item++) {
        const struct hl_row *paid = beside(r, row, HL_PAID, item, HL_SHARE_AT, row->key.level);
        if (paid)
            payer_line(t, r, paid, r->scenario->funds[item].name, &before);
    }
    payer_line(t, r, row, "customers", &before);
}

/* What the exchanges lose together, in every way of drawing: vendors' breaches as stated, `hit` at its ends, apart. */
static void joint_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    const struct hl_row_key *key = &row->key;
    bool shortfall = key->perspective == HL_SHORTFALL &&
                     (key->metric == HL_P_POSITIVE || key->metric == HL_MEAN || key->metric == HL_VAR ||
                      key->metric == HL_TVAR || key->metric == HL_P_AT_LEAST);
    (void)summary;
    if (r->entities[key->entity].kind != HL_ENTITY_SYSTEM || (!shortfall && key->perspective != HL_JOINT_SHORTFALL))
        return;
    cell_text(t, hl_perspective_names[key->perspective]);
    cell_text(t, hl_basis_names[key->basis]);
    cell_text(t, hl_metric_names[key->metric]);
    cell_number(t, key->level);
    cell_number(t, row->value);
    cells_error(t, row);
    cell_status(t, row);
    cells_run(t, r, key);
    end_row(t);
}

/* The part of the expected shortfall that goes back to each vendor, vector, source and exchange. */
static void contribution_lines(struct table *t, const struct hl_result *r, const struct hl_row *row, uint64_t summary) {
    (void)summary;
    if (row->key.metric != HL_CONTRIBUTION)
        return;
    struct hl_row_key whole = row->key;
    whole.entity = 0; /* the system is the first of all */
    whole.metric = HL_MEAN;
    const struct hl_row *all = hl_result_find(r, whole);
    cells_entity(t, r, &row->key);
    cell_text(t, hl_basis_names[row->key.basis]);
    cell_number(t, row->value);
    cells_error(t, row);
    cell_status(t, row);
    cell_number(t, all != NULL && all->value > 0 ? row->value / all->value : NAN);
    cells_run(t, r, &row->key);
    end_row(t);
}

static const struct {
    const char *file;
    const char *header;
    table_lines *lines;
} tables[] = {
    {"summaries.csv", "SummaryId," SUMMARY_COLUMNS, summary_lines},
    {"ept.csv", "SummaryId,EPCalc,EPType,ReturnPeriod,Loss,StandardError,LowerCI,UpperCI,Status," SUMMARY_COLUMNS,
     ept_lines},
    {"alt.csv", "SummaryId,SampleType,MeanLoss,SDLoss,StandardError,LowerCI,UpperCI,Status," SUMMARY_COLUMNS,
     alt_lines},
    {"alct.csv",
     "SummaryId,MeanLoss,SDLoss,SampleSize,LowerCI,UpperCI,StandardError,RelativeError,Status," SUMMARY_COLUMNS,
     alct_lines},
    {"shortfall.csv",
     "Kind,Entity,Basis,ExtraReserve,Probability,StandardError,LowerCI,UpperCI,Status,ExpectedDeficit,"
     "DeficitStandardError,DeficitLowerCI,DeficitUpperCI,DeficitStatus," RUN_COLUMNS,
     shortfall_lines},
    {"layers.csv",
     "Kind,Entity,Fund,ExpectedCeded,StandardError,LowerCI,UpperCI,Status,SDCeded,PAttach,PAttachStandardError,"
     "PAttachLowerCI,PAttachUpperCI,PAttachStatus,PExhaust,PExhaustStandardError,PExhaustLowerCI,PExhaustUpperCI,"
     "PExhaustStatus,AttachReturnPeriod,ExhaustReturnPeriod,Premium,PremiumStandardError,PremiumLowerCI,"
     "PremiumUpperCI,PremiumStatus,ReinstatementPremium,ReinstatementPremiumStandardError,"
     "ReinstatementPremiumLowerCI,ReinstatementPremiumUpperCI,ReinstatementPremiumStatus,RateOnLine,"
     "LossRatio," RUN_COLUMNS,
     layer_lines},
    {"payers.csv", "Kind,Entity,ReturnPeriod,Fund,Share,StandardError,LowerCI,UpperCI,Status,ShareBefore," RUN_COLUMNS,
     payer_lines},
    {"joint.csv", "Perspective,Basis,Metric,Level,Value,StandardError,LowerCI,UpperCI,Status," RUN_COLUMNS,
     joint_lines},
    {"contributions.csv", "Kind,Entity,Basis,Contribution,StandardError,LowerCI,UpperCI,Status,Share," RUN_COLUMNS,
     contribution_lines},
};

enum { TABLES = sizeof tables / sizeof *tables };

static void print_table(const struct hl_result *r, size_t which, FILE *out) {
    struct table t = {.out = out};
    uint64_t summary = 0;
    fprintf(out, "%s\n", tables[which].header);
    for (size_t k = 0; k < r->row_count; k++) {
        if (k == 0 || !same_summary(&r->rows[k - 1].key, &r->rows[k].key))
            summary++;
        tables[which].lines(&t, r, &r->rows[k], summary);
    }
}

/* The files of a result; the last one is summary.json. */
struct writing {
    const struct hl_result *result;
    const char *folder;
    struct hl_output outputs[TABLES + 1];
};

/* Prints the file at a place in the order of work, which begins with the longest: summary.json. */
static enum hl_status write_one(void *context, unsigned worker, uint64_t place, struct hl_error *err) {
    (void)worker;
    struct writing *w = context;
    size_t i = (place + TABLES) % (TABLES + 1);
    struct hl_output *out = &w->outputs[i];
    if (hl_output_open(out, w->folder, i < TABLES ? tables[i].file : "summary.json", err) != HL_OK)
        return HL_FAILED;
    if (i < TABLES)
        print_table(w->result, i, out->stream);
    else
        hl_json_print(w->result, out->stream);
    return hl_output_end(out, err);
}

enum hl_status hl_results_write(const struct hl_result *r, const char *folder, struct hl_error *err) {
    struct writing w = {.result = r, .folder = folder};
    unsigned threads = r->provenance.threads;
    struct hl_crew *crew = NULL;
    uint64_t next = 0;
    enum hl_status status = hl_folder_make(folder, err);
    if (status == HL_OK)
        status = hl_crew_make(&crew, threads < 1 ? 1 : threads > TABLES ? TABLES : threads, err);
    if (status == HL_OK)
        status = hl_parallel_for(crew, &next, TABLES + 1, write_one, &w, NULL, err);
    hl_crew_free(crew);
    if (status == HL_OK)
        return hl_outputs_close(w.outputs, TABLES + 1, err);
    for (size_t i = 0; i <= TABLES; i++)
        hl_output_discard(&w.outputs[i]);
    return status;
}
