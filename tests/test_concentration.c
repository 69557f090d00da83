/* What stands behind each vendor, itself and through those built on it. */
#include "scenario/concentration.h"
#include "tests/engine_fixture.h"

/* cloud <- keyco <- shop. ape: 500 with keyco and 300 by itself; bee: 100 with shop, and 900 of its own coins with
 * cloud; cat: 100 with keyco. Customers' coins: 1000. */
Test(concentration, by_vendor) {
    static struct engine f;
    engine_start(&f);
    size_t cloud = engine_vendor(&f, "cloud"), keyco = engine_vendor(&f, "keyco"), shop = engine_vendor(&f, "shop");
    engine_vendor(&f, "idle");
    f.vendors[keyco].uses = &f.every[cloud];
    f.vendors[shop].uses = &f.every[keyco];
    f.vendors[keyco].use_count = f.vendors[shop].use_count = 1;
    size_t ape = engine_exchange(&f, "ape"), bee = engine_exchange(&f, "bee"), cat = engine_exchange(&f, "cat");
    size_t btc = engine_asset(&f, "BTC");
    engine_holding(&f, ape, btc, HL_COLD, 500)->custodian = keyco;
    engine_holding(&f, ape, btc, HL_HOT, 300);
    engine_holding(&f, bee, btc, HL_COLD, 100)->custodian = shop;
    struct hl_holding *own = engine_holding(&f, bee, btc, HL_HOT, 900);
    own->custodian = cloud;
    own->owner = HL_OWNER_HOUSE;
    engine_holding(&f, cat, btc, HL_COLD, 100)->custodian = keyco;
    const struct hl_concentration want[] = {{1, 0, 3, 0.7}, {2, 0.6, 3, 0.7}, {1, 0.1, 1, 0.1}, {0, 0, 0, 0}};
    for (size_t v = 0; v < COUNT_OF(want); v++) {
        struct hl_concentration c = hl_concentration_of(&f.s, v);
        cr_expect(c.clients == want[v].clients && c.clients_behind == want[v].clients_behind, "%s: %zu, %zu",
                  f.vendors[v].id, c.clients, c.clients_behind);
        cr_expect(fabs(c.share - want[v].share) < 1e-15 && fabs(c.share_behind - want[v].share_behind) < 1e-15,
                  "%s: %g, %g", f.vendors[v].id, c.share, c.share_behind);
    }
}

Test(concentration, of_no_coins) {
    static struct engine f;
    engine_start(&f);
    engine_holding(&f, engine_exchange(&f, "ape"), engine_asset(&f, "BTC"), HL_COLD, 0)->custodian =
        engine_vendor(&f, "keyco");
    struct hl_concentration c = hl_concentration_of(&f.s, 0);
    cr_expect(c.clients == 1 && c.share == 0 && c.share_behind == 0);
}
