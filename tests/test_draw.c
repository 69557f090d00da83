/* Addressed draws: the known answers of Philox4x32-10, and what an address may and may not share. */
#include "base/draw.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Source: kat_vectors of Random123 (philox4x32, 10 rounds). The counter is packed as index | purpose << 24, block,
 * stream low, stream high; the key is the seed. */
Test(draw, known_answers) {
    const struct {
        uint64_t seed;
        struct hl_address at;
        uint32_t words[4];
    } rows[] = {
        {0, {0, 0, 0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {UINT64_MAX, {UINT64_MAX, UINT32_MAX, 0xff, 0xffffff}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {UINT64_C(0x299f31d0a4093822),
         {UINT64_C(0x0370734413198a2e), 0x85a308d3, 0x24, 0x3f6a88},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_words w = hl_draw(rows[i].seed, rows[i].at);
        cr_expect_eq((uint32_t)w.word[0], rows[i].words[0], "row %zu", i);
        cr_expect_eq((uint32_t)(w.word[0] >> 32), rows[i].words[1], "row %zu", i);
        cr_expect_eq((uint32_t)w.word[1], rows[i].words[2], "row %zu", i);
        cr_expect_eq((uint32_t)(w.word[1] >> 32), rows[i].words[3], "row %zu", i);
        cr_expect(hl_u01(rows[i].seed, rows[i].at) == hl_unit(w.word[0]));
    }
}

/* Many at once have the bits of one after another, for every number of them and wherever they begin. */
Test(draw, many_have_the_bits_of_each) {
    enum { MOST = 77 };
    const struct {
        uint64_t seed;
        struct hl_address first;
    } rows[] = {
        {1, {hl_stream("many"), 3, HL_DRAW_EVENT, 0}},
        {UINT64_MAX, {UINT64_MAX, UINT32_MAX, 0xff, 0xffffff - MOST + 1}}, /* the last index there is */
        {UINT64_C(0x0123456789abcdef), {UINT64_C(0xfedcba9876543210), 0, HL_DRAW_PRICE, 12345}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint32_t count = 0; count <= MOST; count++) {
            struct hl_words out[MOST + 1];
            out[count] = (struct hl_words){{42, 43}};
            struct hl_address at = rows[i].first;
            hl_draw_many(rows[i].seed, at, count, out);
            for (uint32_t k = 0; k < count; k++, at.index++) {
                struct hl_words want = hl_draw(rows[i].seed, at);
                cr_expect(out[k].word[0] == want.word[0] && out[k].word[1] == want.word[1], "row %zu: %u of %u", i, k,
                          count);
            }
            cr_expect(out[count].word[0] == 42 && out[count].word[1] == 43, "nothing behind the last, row %zu", i);
        }
    }
}

Test(draw, a_uniform_is_never_0_or_1) {
    cr_expect(hl_unit(0) == 0x1p-53);
    cr_expect(hl_unit(UINT64_MAX) == 1 - 0x1p-53);
    cr_expect(hl_unit(UINT64_C(1) << 63) == 0.5 + 0x1p-53);
    cr_expect(hl_unit(4095) == hl_unit(0), "the low 12 bits place the trial");
    cr_expect(hl_unit(4096) > hl_unit(4095));
}

Test(draw, the_low_bits_place_the_trial) {
    cr_expect_eq(hl_place(0), 0);
    cr_expect_eq(hl_place(UINT64_MAX), HL_BLOCK_TRIALS - 1);
    cr_expect_eq(hl_place(UINT64_C(0xabcdef0123456789)), 0x789);
}

/* Every part of the address, and the seed, changes the bits. */
Test(draw, every_part_of_an_address_counts) {
    const struct hl_address at = {5, 6, 7, 8};
    struct hl_words words[6] = {
        hl_draw(1, at),
        hl_draw(2, at),
        hl_draw(1, (struct hl_address){6, 6, 7, 8}),
        hl_draw(1, (struct hl_address){5, 7, 7, 8}),
        hl_draw(1, (struct hl_address){5, 6, 8, 8}),
        hl_draw(1, (struct hl_address){5, 6, 7, 9}),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        for (size_t j = 0; j < i; j++)
            cr_expect(words[i].word[0] != words[j].word[0] && words[i].word[1] != words[j].word[1], "%zu, %zu", i, j);
}

Test(draw, streams_differ) {
    const uint64_t a = hl_stream("dmm/hot_wallet_drain");
    const uint64_t streams[] = {
        a,
        hl_stream("dmm/hot_wallet_draim"),
        hl_stream("dmn/hot_wallet_drain"),
        hl_stream(""),
        hl_stream("a"),
        hl_stream("aa"),
        hl_stream_with(a, 0),
        hl_stream_with(a, 1),
        hl_stream_with(a, 2),
        hl_stream_with(hl_stream_with(a, 1), 2),
        hl_stream_with(hl_stream_with(a, 2), 1),
        hl_stream_with_name(a, "dmm"),
        hl_stream_with_name(a, "bee"),
        hl_stream_with_name(hl_stream("bee"), "dmm/hot_wallet_drain"),
    };
    for (size_t i = 0; i < COUNT_OF(streams); i++)
        for (size_t j = 0; j < i; j++)
            cr_expect(streams[i] != streams[j], "%zu and %zu", i, j);
    cr_expect_eq(hl_stream("dmm/hot_wallet_drain"), a, "the same name, the same stream");
    cr_expect_eq(hl_stream_with_name(a, "dmm"), hl_stream_with(a, hl_stream("dmm")));
}

/* Mean and variance of 1/2 and 1/12 within 4 standard errors, and both words of a draw uncorrelated. */
Test(draw, uniforms_are_uniform) {
    enum { N = 200000 };
    double sum = 0, square = 0, product = 0;
    uint64_t stream = hl_stream("uniform");
    for (uint32_t i = 0; i < N; i++) {
        struct hl_words w = hl_draw(11, (struct hl_address){stream, 0, HL_DRAW_EVENT, i});
        double u = hl_unit(w.word[0]) - 0.5, v = hl_unit(w.word[1]) - 0.5;
        sum += u;
        square += u * u;
        product += u * v;
    }
    cr_expect(fabs(sum / N) < 4 * sqrt(1.0 / 12 / N));
    cr_expect(fabs(square / N - 1.0 / 12) < 4 * sqrt(1.0 / 180 / N));
    cr_expect(fabs(product / N) < 4 * sqrt(1.0 / 144 / N));
}
