/* `tables.holdings: unlimited`: amounts are taken as they are drawn, and how much is held is no figure. */
#include "base/money.h"
#include "models/fund.h"
#include "scenario/loading.h"

#include <math.h>
#include <string.h>

bool hl_unlimited_make(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    if (node == NULL || node->kind != HL_NODE_SCALAR || strcmp(node->text, "unlimited") != 0)
        return false;
    s->holdings_unlimited = true;
    l->holdings = (struct hl_table){.file = r->file};
    s->holdings = hl_reader_array(r, r->arena, s->exchange_count, sizeof *s->holdings);
    if (s->holdings == NULL)
        return true;
    for (size_t i = 0; i < s->exchange_count; i++)
        s->holdings[i] = (struct hl_holding){.exchange = i,
                                             .tier = HL_HOT,
                                             .custodian = HL_NONE,
                                             .owner = HL_OWNER_CUSTOMERS,
                                             .units = NAN,
                                             .value = HL_MONEY_MOST,
                                             .wallets = 1,
                                             .largest_share = 1,
                                             .source = "",
                                             .confidence = "assumption"};
    s->holding_count = s->exchange_count;
    return true;
}

/* Refuses the key of a map that is given. */
static void refuse(struct hl_loading *l, const struct hl_node *map, const char *path, const char *key,
                   const char *why) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *given = hl_node_get(map, key);
    if (given == NULL)
        return;
    struct hl_place at = hl_node_place(r, given, *path == '\0' ? key : hl_path(r, path, key));
    hl_fault(r, &at, hl_node_words(given), "%s", why);
}

void hl_unlimited_check_takes(struct hl_loading *l, const struct hl_node *node, const char *path,
                              const struct hl_breach *b) {
    struct hl_reader *r = &l->reader;
    struct hl_place at = hl_node_place(r, node, path);
    if (!l->scenario->holdings_unlimited || node->kind != HL_NODE_MAP)
        return;
    refuse(l, node, path, "share", "a share of what? Holdings are unlimited: give an amount");
    refuse(l, node, path, "drain", "it would never end: holdings are unlimited, give an amount");
    if ((b->tiers >> HL_HOT & 1) == 0 || (b->assets != NULL && !b->assets[0]))
        hl_fault(r, &at, NULL, "takes nothing: unlimited holdings are hot coins of the first asset");
}

void hl_unlimited_check(struct hl_loading *l, const struct hl_node *root) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    const struct hl_node *funds = hl_node_get(root, "funds");
    if (!s->holdings_unlimited)
        return;
    refuse(l, root, "", "market", "no price but today's keeps money exact that is without limit");
    refuse(l, root, "", "run", "customers withdraw a share of their coins, and holdings are unlimited");
    refuse(l, root, "", "haircut", "it is a share of customers' coins, and holdings are unlimited");
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_place at = hl_node_place(r, funds->items[i], hl_path_item(r, "funds", i));
        if (hl_fund_kinds[s->funds[i].kind].after_failure)
            hl_fault(r, &at, hl_fund_kinds[s->funds[i].kind].name,
                     "pays of what customers held, and holdings are unlimited");
    }
    const struct hl_catalog *c = &r->catalogs[HL_CATALOG_EXCHANGES];
    for (size_t i = 0; i < c->count; i++) {
        struct hl_place at = {c->file, c->lines[i], 0, "growth"};
        if (s->exchanges[i].growth_per_year != 0 && !c->faulty[i])
            hl_fault(r, &at, NULL, "%s grows, and holdings are unlimited", c->ids[i]);
    }
}
