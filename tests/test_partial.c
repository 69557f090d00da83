/* A part of a run as bytes: what comes out is what went in, and bytes that say what cannot be are refused. */
#include "base/file.h"
#include "engine/block.h"
#include "engine/partial.h"
#include "engine/questions.h"
#include "tests/engine_fixture.h"

#include <stdlib.h>

/* A plan with everything that pays, and room for its counts. */
struct part {
    struct engine f;
    struct hl_plan plan;
    struct hl_layout layout;
    struct hl_tally tally;
    struct hl_tree tree;
    struct hl_partial partial;
};

static void make_room(struct part *p, const struct hl_layout *l) {
    struct hl_error err = {0};
    cr_assert(hl_tally_make(&p->tally, l, &err) == HL_OK);
    p->tree = (struct hl_tree){.width = hl_pair_width(l)};
    p->partial = (struct hl_partial){.tally = &p->tally, .tree = &p->tree};
    p->partial.missed = calloc(l->slot_count + 1, sizeof *p->partial.missed);
}

static void free_room(struct part *p) {
    hl_tally_free(&p->tally);
    hl_tree_free(&p->tree);
    free(p->partial.missed);
}

/* Three blocks, with windows and curves laid by the first. */
static void play(struct part *p) {
    struct hl_error err = {0};
    struct hl_worker w = {0};
    engine_make(&p->f, 1, false);
    memset(p->f.s.fingerprint, 'a', 64);
    engine_plan(&p->plan, &p->f);
    cr_assert(hl_layout_make(&p->layout, &p->plan, &err) == HL_OK);
    cr_assert(hl_worker_make(&w, &p->layout, false, &err) == HL_OK);
    make_room(p, &p->layout);
    cr_assert(hl_block_run(&w, 0, 1000, &err) == HL_OK);
    hl_tally_merge(&p->tally, &w.tally);
    struct hl_known known = {0};
    struct hl_pilot pilot = {&p->tally, 1000, 3 * HL_BLOCK_TRIALS, 5, &known};
    for (size_t i = 0; i < p->layout.slot_count; i++)
        cr_assert(hl_questions_lay(&p->tally, i, &pilot, &err) == HL_OK);
    hl_tally_clear(&p->tally);
    hl_tally_clear(&w.tally);
    cr_assert(hl_questions_lay_alike(&w.tally, &p->tally, &err) == HL_OK);
    for (uint32_t block = 0; block < 3; block++) {
        cr_assert(hl_block_run(&w, block, HL_BLOCK_TRIALS, &err) == HL_OK);
        cr_assert(hl_tree_add(&p->tree, block, w.pairs, &err) == HL_OK);
    }
    hl_tally_merge(&p->tally, &w.tally);
    for (size_t i = 0; i < p->layout.slot_count; i++)
        hl_picks_sort(&p->tally.picks[i]);
    p->partial.missed[2] = true;
    p->partial.stage = (struct hl_stage){HL_PASS_ALL, 5 * HL_BLOCK_TRIALS - 7, 0, 4, 3, 2, 9};
    hl_worker_free(&w);
}

static void forget(struct part *p) {
    free_room(p);
    hl_layout_free(&p->layout);
    hl_plan_free(&p->plan);
}

static void expect_same_rung(const struct hl_rung *a, const struct hl_rung *b) {
    cr_assert(a->count == b->count && a->sum == b->sum && a->square == b->square);
}

static size_t expect_same_picks(const struct hl_picks *a, const struct hl_picks *b) {
    size_t kept = 0;
    cr_assert(a->window_count == b->window_count && a->split_count == b->split_count);
    for (size_t i = 0; i < a->window_count; i++) {
        const struct hl_window *x = &a->windows[i], *y = &b->windows[i];
        cr_assert(x->low == y->low && x->high == y->high && x->count == y->count);
        expect_same_rung(&x->above, &y->above);
        for (size_t k = 0; k < x->count; k++)
            cr_assert(x->items[k].value == y->items[k].value && x->items[k].count == y->items[k].count);
        kept += x->count;
    }
    for (size_t i = 0; i < a->split_count; i++) {
        cr_assert(a->splits[i].at == b->splits[i].at);
        expect_same_rung(&a->splits[i].above, &b->splits[i].above);
    }
    return kept;
}

static void expect_same(const struct part *a, const struct part *b) {
    const struct hl_layout *l = &a->layout;
    struct hl_counts x[HL_TALLY_LISTS], y[HL_TALLY_LISTS];
    size_t kept = 0;
    for (size_t i = 0; i < l->slot_count; i++) {
        for (size_t k = 0; k < HL_RUNGS; k++)
            expect_same_rung(&a->tally.ladders[i].rungs[k], &b->tally.ladders[i].rungs[k]);
        kept += expect_same_picks(&a->tally.picks[i], &b->tally.picks[i]);
        cr_assert_eq(a->partial.missed[i], b->partial.missed[i]);
    }
    cr_assert(kept > 1000, "%zu values are kept", kept);
    hl_tally_lists(&a->tally, x);
    hl_tally_lists(&b->tally, y);
    for (size_t i = 0; i < HL_TALLY_LISTS; i++)
        cr_assert_arr_eq(x[i].items, y[i].items, x[i].length * sizeof *x[i].items);
    cr_assert_arr_eq(a->tally.payers, b->tally.payers, hl_payers_length(l) * sizeof *a->tally.payers);
    cr_assert(a->tally.events == b->tally.events && a->tally.events > 0);
    cr_assert_eq(a->tree.count, b->tree.count);
    for (size_t i = 0; i < a->tree.count; i++) {
        cr_assert(a->tree.nodes[i].level == b->tree.nodes[i].level && a->tree.nodes[i].index == b->tree.nodes[i].index);
        cr_assert_arr_eq(a->tree.nodes[i].moments, b->tree.nodes[i].moments,
                         a->tree.width * sizeof *a->tree.nodes[i].moments);
    }
}

static const struct hl_setting settings[] = {{"trials", "20_000"}, {"funds[1].reserve.amount", ""}};
static const struct hl_origin origin = {"a/b c.yaml", settings, 2};

static char *pack(const struct part *p, size_t *size) {
    struct hl_error err = {0};
    char *bytes;
    cr_assert(hl_partial_pack(&bytes, size, &p->partial, &origin, &err) == HL_OK);
    return bytes;
}

/* Unpacks into fresh room; the caller frees it. */
static enum hl_status unpack(struct part *into, const struct part *p, const char *bytes, size_t size,
                             struct hl_error *err) {
    make_room(into, &p->layout);
    return hl_partial_unpack(&into->partial, "part", bytes, size, err);
}

Test(partial, comes_out_as_it_went_in) {
    static struct part p, q;
    struct hl_error err = {0};
    size_t size, again;
    play(&p);
    char *bytes = pack(&p, &size);
    cr_expect(size < 200000, "%zu bytes", size);
    cr_assert(unpack(&q, &p, bytes, size, &err) == HL_OK, "%s", err.count > 0 ? err.faults[0].message : "");
    expect_same(&p, &q);
    cr_expect(memcmp(&p.partial.stage, &q.partial.stage, sizeof p.partial.stage) == 0);
    char *second = pack(&q, &again);
    cr_assert_eq(size, again);
    cr_expect_arr_eq(bytes, second, size);
    free(bytes);
    free(second);
    free_room(&q);
    forget(&p);
}

Test(partial, the_head_tells_whose_it_is) {
    static struct part p;
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_partial_head head;
    size_t size;
    play(&p);
    char *bytes = pack(&p, &size);
    cr_assert(hl_partial_head(&head, &arena, "part", bytes, size, &err) == HL_OK);
    cr_expect_str_eq(head.fingerprint, p.f.s.fingerprint);
    cr_expect(head.seed == p.f.s.seed && head.trials == p.f.s.trials);
    cr_expect_str_eq(head.origin.path, "a/b c.yaml");
    cr_assert_eq(head.origin.setting_count, 2);
    cr_expect_str_eq(head.origin.settings[0].text, "20_000");
    cr_expect_str_eq(head.origin.settings[1].key, "funds[1].reserve.amount");
    cr_expect_str_eq(head.origin.settings[1].text, "");
    cr_expect(head.stage.next == 3 && head.stage.shard == 2 && head.stage.shards == 9);
    p.f.s.seed++;
    cr_expect(hl_partial_belongs(&head, &p.f.s, "part", &err) == HL_INVALID);
    cr_expect_str_eq(err.faults[0].message, "is of another plan: its seed is 7, not 8");
    free(bytes);
    hl_error_free(&err);
    hl_arena_free(&arena);
    forget(&p);
}

/* Merged with a part that has the same counts, of other blocks, it is twice as much: as a part or as its bytes. */
Test(partial, merged_with_itself_it_is_twice_as_much) {
    static struct part p, q, again;
    struct hl_error err = {0};
    size_t size;
    play(&p);
    char *bytes = pack(&p, &size);
    for (size_t joined = 0; joined < 2; joined++) {
        cr_assert(unpack(&q, &p, bytes, size, &err) == HL_OK);
        cr_assert(unpack(&again, &p, bytes, size, &err) == HL_OK);
        for (size_t i = 0; i < q.tree.count; i++) /* of other blocks */
            q.tree.nodes[i].index += UINT64_C(1024) >> q.tree.nodes[i].level;
        cr_assert((joined ? hl_partial_join(&q.partial, "part", bytes, size, &err)
                          : hl_partial_merge(&q.partial, &again.partial, &err)) == HL_OK);
        cr_expect_eq(q.tally.events, 2 * p.tally.events);
        cr_expect_eq(hl_ladder_count(&q.tally.ladders[0]), 2 * hl_ladder_count(&p.tally.ladders[0]));
        cr_expect_eq(q.tree.count, 2 * p.tree.count);
        for (size_t i = 0; i < q.tally.own_count; i++)
            for (size_t k = 0; k < q.tally.picks[i].window_count; k++)
                cr_assert_eq(q.tally.picks[i].windows[k].count, p.tally.picks[i].windows[k].count); /* as often again */
        free_room(&q);
        free_room(&again);
    }
    free(bytes);
    forget(&p);
}

/* A cleared part keeps what was laid, so that it can be filled anew; replaced it has nothing of its own. */
Test(partial, cleared_and_replaced) {
    static struct part p, q;
    struct hl_error err = {0};
    size_t size, windows = 0;
    play(&p);
    char *bytes = pack(&p, &size);
    cr_assert(unpack(&q, &p, bytes, size, &err) == HL_OK);
    hl_partial_clear(&q.partial);
    cr_expect(q.tally.events == 0 && q.tree.count == 0 && hl_ladder_count(&q.tally.ladders[0]) == 0);
    for (size_t i = 0; i < q.tally.own_count; i++) {
        cr_assert_eq(q.tally.picks[i].window_count, p.tally.picks[i].window_count);
        for (size_t k = 0; k < q.tally.picks[i].window_count; k++)
            cr_assert_eq(q.tally.picks[i].windows[k].count, 0);
        windows += q.tally.picks[i].window_count;
    }
    cr_expect_gt(windows, 10);
    for (size_t times = 0; times < 2; times++) {
        cr_assert(hl_partial_replace(&q.partial, "part", bytes, size, &err) == HL_OK);
        expect_same(&p, &q);
    }
    free(bytes);
    free_room(&q);
    forget(&p);
}

Test(partial, a_changed_byte_is_found) {
    static struct part p, q;
    size_t size;
    play(&p);
    char *bytes = pack(&p, &size);
    for (size_t at = 0; at < size; at += at < 200 ? 1 : size / 50) {
        struct hl_error err = {0};
        bytes[at] = (char)(bytes[at] ^ 4);
        cr_assert(unpack(&q, &p, bytes, size, &err) == HL_INVALID, "byte %zu", at);
        cr_assert_str_eq(err.faults[0].file, "part");
        bytes[at] = (char)(bytes[at] ^ 4);
        hl_error_free(&err);
        free_room(&q);
    }
    for (size_t cut = 0; cut < size; cut += cut < 100 ? 1 : size / 20) {
        struct hl_error err = {0};
        cr_assert(unpack(&q, &p, bytes, cut, &err) == HL_INVALID, "%zu bytes", cut);
        hl_error_free(&err);
        free_room(&q);
    }
    free(bytes);
    forget(&p);
}

/* Bytes that are changed and sealed again say what they want; nothing breaks, whatever it is. */
Test(partial, sealed_nonsense_is_refused_or_harmless) {
    static struct part p, q;
    size_t size, refused = 0;
    play(&p);
    char *bytes = pack(&p, &size);
    for (size_t at = 16; at < size - 65; at += at < 400 ? 1 : size / 150) {
        struct hl_error err = {0};
        char old = bytes[at];
        bytes[at] = (char)(at % 2 == 0 ? 0xff : old ^ 0x80);
        char seal[65];
        hl_sha256(seal, bytes, size - 65);
        memcpy(bytes + size - 65, seal, 64);
        refused += unpack(&q, &p, bytes, size, &err) != HL_OK;
        bytes[at] = old;
        hl_error_free(&err);
        free_room(&q);
    }
    cr_expect(refused > 100, "%zu", refused);
    free(bytes);
    forget(&p);
}
