/* Insurance contracts: what is insured, and on what terms. */
#include "models/vector.h"
#include "scenario/fund_terms.h"

#define WHERE(member) .offset = offsetof(struct hl_fund_terms, contract.member)
#define MONEY .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY
#define FRACTION .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1

static const char *vector_name(size_t place) { return place < HL_VECTOR_COUNT ? hl_vectors[place].name : NULL; }

const struct hl_key hl_insurance_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "covers",
     .kind = HL_KEY_CHOICES,
     .choice = vector_name,
     .word = "all",
     .standard = "all",
     WHERE(layer.covers),
     .doc = "The vectors whose losses are insured."},
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
};

_Static_assert(sizeof hl_insurance_keys / sizeof *hl_insurance_keys == HL_INSURANCE_KEY_COUNT, "as the header says");

void hl_contract_read(const struct hl_contract_terms *t, struct hl_fund *out) { out->layer = t->layer; }
