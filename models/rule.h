/* Rules on reserves, insurance and capital: what each would ask of an exchange.
 *
 * A rule is one constant descriptor in its own file, listed once in models/model.def. Its formula is text over the
 * figures of a profile and the rule's parameters: what is shown is what is computed. The parameters' values, sources
 * and confidence are rows of scenarios/data/rules.csv, which is built in.
 */
#ifndef HL_MODELS_RULE_H
#define HL_MODELS_RULE_H

#include "base/formula.h"
#include "models/fund.h"

#include <stdint.h>

/* Classes of transactions of Japan's article 175. */
enum { HL_CLASS_COUNT = 11 };
extern const char *const hl_class_names[HL_CLASS_COUNT];

/* The figures of an exchange that formulas may use. Money is in currency units (not quanta); NAN = not known. */
enum hl_figure {
    HL_FIGURE_V,    /* trading volume of a year */
    HL_FIGURE_VMAX, /* the highest of three years */
    HL_FIGURE_H,    /* customers' coins, hot */
    HL_FIGURE_W,    /* warm: online with a delay or a second hand */
    HL_FIGURE_C,    /* cold */
    HL_FIGURE_A,    /* all of them */
    HL_FIGURE_SELF, /* those whose keys the exchange keeps itself */
    HL_FIGURE_F,    /* customers' money */
    HL_FIGURE_E,    /* fixed overheads of a year */
    HL_FIGURE_O,    /* operating expenses of a year, E among them */
    HL_FIGURE_REV,  /* revenue of a year */
    HL_FIGURE_FEES,
    HL_FIGURE_NA,     /* own capital */
    HL_FIGURE_LOSSES, /* stolen in the last ten years */
    HL_FIGURE_CUSTOMERS,
    HL_FIGURE_I,                                      /* what insurance pays for one event at most */
    HL_FIGURE_R,                                      /* the reserve that is there now */
    HL_FIGURE_VAR,                                    /* from a run: 99.5 % quantile of a year's gross loss */
    HL_FIGURE_L1,                                     /* from a run: the largest of the exchanges' 99.9 % */
    HL_FIGURE_L2,                                     /* quantiles of a year's gross loss, */
    HL_FIGURE_L3,                                     /* the second and the third */
    HL_FIGURE_YEAR,                                   /* [HL_CLASS_COUNT] this year's volume of each class */
    HL_FIGURE_MOST = HL_FIGURE_YEAR + HL_CLASS_COUNT, /* [HL_CLASS_COUNT] the highest of three years */
    HL_FIGURE_COUNT = HL_FIGURE_MOST + HL_CLASS_COUNT
};

/* A figure's symbol, and what it is. */
struct hl_figure_words {
    const char *symbol;
    const char *doc;
};
extern const struct hl_figure_words hl_figures[HL_FIGURE_COUNT];

enum hl_rule_status {
    HL_RULE_IN_FORCE,
    HL_RULE_PROPOSED,
    HL_RULE_INTERPRETATION,
    HL_RULE_ANALOGUE,
    HL_RULE_SUPERSEDED,
    HL_RULE_STATUS_COUNT
};
extern const char *const hl_rule_status_names[HL_RULE_STATUS_COUNT];

/* What the money is that a rule asks for. */
enum hl_rule_kind {
    HL_RULE_RESERVE,   /* money set aside for thefts */
    HL_RULE_GUARANTEE, /* own coins kept apart, coin by coin */
    HL_RULE_CAPITAL,   /* own funds of the firm */
    HL_RULE_POOL,      /* a fund that several share: the amount is that of all together */
    HL_RULE_CONDITION, /* no money: conditions only */
    HL_RULE_KIND_COUNT
};
extern const char *const hl_rule_kind_names[HL_RULE_KIND_COUNT];

enum { HL_RULE_PARAMETERS_MOST = 12, HL_RULE_CONDITIONS_MOST = 3 };

/* A number of a rule that stands in the data, or that whoever uses the rule must give. */
struct hl_rule_parameter {
    const char *symbol;
    const char *row;   /* its `parameter` in rules.csv; NULL = it must be given */
    enum hl_unit unit; /* HL_UNIT_MONEY, HL_UNIT_FRACTION or HL_UNIT_NUMBER */
    const char *doc;
};

/* Something else that the rule asks: a margin that must not be below 0. */
struct hl_rule_condition {
    const char *name;
    const char *formula;
};

struct hl_rule {
    const char *name;
    const char *id; /* rule_id of its rows in rules.csv */
    const char *title;
    const char *jurisdiction;
    enum hl_rule_status status;
    enum hl_rule_kind kind;
    const char *formula;
    const char *provision; /* what must be put aside in this year; NULL = nothing is said */
    uint32_t counts;       /* bit 1 << enum hl_fund_id: what counts toward the amount */
    bool hot_only;         /* it is there for what is taken from hot wallets only */
    const char *doc;       /* what else is to be known */
    struct hl_rule_parameter parameters[HL_RULE_PARAMETERS_MOST]; /* those with a symbol */
    struct hl_rule_condition conditions[HL_RULE_CONDITIONS_MOST]; /* those with a name */
};

#define HL_RULE(name) extern const struct hl_rule hl_rule_##name;
#include "models/model.def"

/* Every rule, in the order of models/model.def; NULL-terminated. */
extern const struct hl_rule *const hl_rules[];
const struct hl_rule *hl_rule_find(const char *name);

/* A bit of `counts`. */
#define HL_COUNTS(kind) (1u << HL_FUND_##kind)

/* A rule with its parameters, ready to be asked; or a formula of somebody's own. Names and values of all that its
 * formulas may use: the figures, then the parameters. */
enum { HL_RULE_VALUES = HL_FIGURE_COUNT + HL_RULE_PARAMETERS_MOST };
struct hl_rule_terms {
    const struct hl_rule *rule; /* NULL = a formula of somebody's own */
    struct hl_formula formula;
    struct hl_formula provision;                           /* no text = none */
    struct hl_formula conditions[HL_RULE_CONDITIONS_MOST]; /* no text = none */
    double parameters[HL_RULE_PARAMETERS_MOST];            /* currency units; NAN = must be given */
    bool illustrative; /* a parameter in another currency was turned at a rate of currencies.csv */
};

/* Makes the terms in `arena`. Amounts in other currencies are turned at the rates that are stated, else at those of
 * scenarios/data/currencies.csv; without either the parameter is NAN. */
HL_MUST_CHECK enum hl_status hl_rule_terms_make(struct hl_rule_terms *out, struct hl_arena *arena,
                                                const struct hl_rule *rule, const struct hl_currencies *currencies,
                                                struct hl_error *err);

/* The same of a formula over the figures; faults of the text stand at `at`. */
HL_MUST_CHECK enum hl_status hl_rule_terms_of_formula(struct hl_rule_terms *out, struct hl_arena *arena,
                                                      const char *text, const struct hl_currencies *currencies,
                                                      const struct hl_formula_place *at, struct hl_error *err);

/* One of the formulas of the terms, in currency units, and NAN when something that it uses is not known: then *missing
 * (unless NULL) is its symbol, or "a finite value" where the formula itself has none. */
double hl_rule_value(const struct hl_rule_terms *t, const struct hl_formula *formula,
                     const double figures[HL_FIGURE_COUNT], const char **missing);

/* What is left of a requirement when insurance stands in for a share of it: max(0, R − min(share x R, credit x I)). */
double hl_rule_in_lieu(double requirement, double share, double credit, double insured);

#endif
