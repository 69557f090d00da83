#include "scenario/concentration.h"

/* Is `above` the vendor, or built on it? */
static bool stands_on(const struct hl_scenario *s, size_t above, size_t vendor) {
    if (above == vendor)
        return true;
    for (size_t i = 0; i < s->vendors[above].use_count; i++)
        if (stands_on(s, s->vendors[above].uses[i], vendor))
            return true;
    return false;
}

struct hl_concentration hl_concentration_of(const struct hl_scenario *s, size_t vendor) {
    struct hl_concentration c = {0};
    double all = 0;
    for (size_t e = 0; e < s->exchange_count; e++) {
        bool client = false, behind = false;
        for (size_t i = 0; i < s->holding_count; i++) {
            const struct hl_holding *h = &s->holdings[i];
            if (h->exchange != e)
                continue;
            double coins = h->owner == HL_OWNER_CUSTOMERS ? h->value : 0;
            all += coins;
            if (h->custodian == HL_NONE || !stands_on(s, h->custodian, vendor))
                continue;
            behind = true;
            c.share_behind += coins;
            if (h->custodian != vendor)
                continue;
            client = true;
            c.share += coins;
        }
        c.clients += client;
        c.clients_behind += behind;
    }
    if (all > 0) {
        c.share /= all;
        c.share_behind /= all;
    }
    return c;
}
