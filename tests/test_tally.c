/* Slots: which are told by another's ladder, that they would have had the same values, and adding many at a time. */
#include "base/draw.h"
#include "engine/block.h"
#include "tests/engine_fixture.h"

/* Plays two blocks with a ladder for every slot; each slot that shares one otherwise has the same in it. Returns how
 * many there are. */
static size_t expect_equal(const struct engine *f, const char *what) {
    struct hl_plan p;
    struct hl_layout shared, apart;
    struct hl_worker w = {0};
    struct hl_error err = {0};
    engine_plan(&p, f);
    cr_assert(hl_layout_make(&shared, &p, &err) == HL_OK && hl_layout_make_apart(&apart, &p, &err) == HL_OK);
    cr_assert(hl_worker_make(&w, &apart, false, &err) == HL_OK);
    for (uint32_t block = 0; block < 2; block++)
        cr_assert(hl_block_run(&w, block, HL_BLOCK_TRIALS, &err) == HL_OK);
    cr_assert_eq(shared.slot_count, apart.slot_count);
    uint32_t *number = calloc(apart.slot_count, sizeof *number); /* by the shared layout's: that of the same meaning */
    size_t found = 0, keys = p.run_count * HL_BASIS_COUNT * HL_PERSPECTIVE_COUNT * 2 * shared.entity_count;
    for (size_t k = 0; k < keys; k++)
        if (shared.by_key[k] != HL_NO_SLOT)
            number[shared.by_key[k]] = apart.by_key[k];
    for (size_t k = 0; k < 3 * shared.full_count * f->s.fund_count; k++)
        if (shared.by_fund[k] != HL_NO_SLOT)
            number[shared.by_fund[k]] = apart.by_fund[k];
    size_t years =
        p.year_count > 1 ? (size_t)p.year_count * HL_BASIS_COUNT * HL_PERSPECTIVE_COUNT * 2 * shared.full_count : 0;
    for (size_t k = 0; k < years; k++)
        if (shared.by_year[k] != HL_NO_SLOT)
            number[shared.by_year[k]] = apart.by_year[k];
    for (size_t i = shared.own_count; i < shared.slot_count; i++) {
        const struct hl_slot *slot = &shared.slots[i];
        const struct hl_ladder *own = &w.tally.ladders[number[i]];
        cr_assert(slot->told_by < shared.own_count);
        cr_expect(memcmp(own, &w.tally.ladders[number[slot->told_by]], sizeof *own) == 0, "%s: %s of %s, year %d", what,
                  hl_perspective_names[slot->perspective], shared.entities[slot->entity].name, slot->year);
        found += hl_ladder_count(own) > 0;
    }
    free(number);
    hl_worker_free(&w);
    hl_layout_free(&shared);
    hl_layout_free(&apart);
    hl_plan_free(&p);
    return found;
}

/* One exchange, a breach of its own and one through a vendor, over one year or three. */
static void make_one(struct engine *f, double years) {
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco");
    engine_exchange(f, "ape");
    engine_asset(f, "BTC");
    engine_holding(f, 0, 0, HL_COLD, 1000000)->custodian = keyco;
    engine_holding(f, 0, 0, HL_HOT, 300000);
    engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.5, HL_NONE);
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.4, keyco)->size =
        (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.6}, .everything = 0.3};
    engine_fund(f, HL_FUND_reserve, 200000);
    f->s.horizon_days = 365 * years;
}

Test(tally, slots_that_share_a_ladder_are_equal) {
    static struct engine f;
    make_one(&f, 1);
    cr_expect(expect_equal(&f, "one exchange") > 20);
    make_one(&f, 3);
    cr_expect(expect_equal(&f, "three years") > 40);
    engine_make(&f, 1, false);
    cr_expect(expect_equal(&f, "two exchanges") > 5, "vectors and a vendor with one source");
}

/* A slot that another tells takes nothing, and reads what the other has. */
Test(tally, a_shared_ladder_is_added_to_once) {
    static struct engine f;
    struct hl_plan p;
    struct hl_layout l;
    struct hl_tally t;
    struct hl_error err = {0};
    make_one(&f, 1);
    engine_plan(&p, &f);
    cr_assert(hl_layout_make(&l, &p, &err) == HL_OK && hl_tally_make(&t, &l, &err) == HL_OK);
    uint32_t system = hl_slot_of(&l, 0, HL_BASIS_ALL, HL_GROSS, false, 0);
    uint32_t exchange = hl_slot_of(&l, 0, HL_BASIS_ALL, HL_GROSS, false, 1);
    cr_assert(system < l.own_count && exchange >= l.own_count && l.slots[exchange].told_by == system);
    cr_expect(l.slots[exchange].entity == 1 && l.slots[system].next == exchange && l.slots[exchange].next == 0);
    hl_tally_add(&t, system, 70);
    hl_tally_add(&t, exchange, 70);
    hl_tally_add(&t, HL_NO_SLOT, 70);
    cr_expect(hl_ladder_sum(hl_ladder_of(&t, system)) == 70 && hl_ladder_sum(hl_ladder_of(&t, exchange)) == 70);
    hl_tally_free(&t);
    hl_layout_free(&l);
    hl_plan_free(&p);
}

/* A thousand values, zeros and a negative one among them, one by one and all at once. */
Test(tally, adding_many_is_adding_each) {
    enum { N = 1500 };
    static struct engine f;
    struct hl_plan p;
    struct hl_layout l;
    struct hl_tally t[2];
    struct hl_error err = {0};
    double x[N];
    make_one(&f, 1);
    engine_plan(&p, &f);
    cr_assert(hl_layout_make(&l, &p, &err) == HL_OK);
    for (uint32_t i = 0; i < N; i++) {
        double u = hl_u01(5, (struct hl_address){.purpose = 1, .index = i});
        x[i] = i == 7 ? -1 : u < 0.2 ? 0 : floor(exp2(52 * u));
    }
    uint32_t slot = hl_slot_of(&l, 0, HL_BASIS_ALL, HL_GROSS, false, 0);
    for (size_t k = 0; k < 2; k++) {
        cr_assert(hl_tally_make(&t[k], &l, &err) == HL_OK);
        cr_assert(hl_picks_lay_window(&t[k].picks[slot], &t[k].ladders[slot], 200, 300, 0, false));
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < N; i++)
            hl_tally_add(&t[0], slot, x[i]);
        hl_tally_add_many(&t[1], slot, x, N);
        cr_assert_eq(memcmp(&t[0].ladders[slot], &t[1].ladders[slot], sizeof *t[0].ladders), 0, "pass %d", pass);
        for (size_t k = 0; k < 2; k++) {
            hl_picks_sort(&t[k].picks[slot]);
            t[k].second = true; /* then values are kept, and not counted */
        }
        const struct hl_window *a = t[0].picks[slot].windows, *b = t[1].picks[slot].windows;
        cr_assert(a->count == b->count && a->count > 300 &&
                  memcmp(a->items, b->items, a->count * sizeof *a->items) == 0);
    }
    hl_tally_add_many(&t[1], HL_NO_SLOT, x, N);
    hl_tally_free(&t[0]);
    hl_tally_free(&t[1]);
    hl_layout_free(&l);
    hl_plan_free(&p);
}
