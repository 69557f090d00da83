/* Formulas: values and precedence, every fault with its column, and random formulas against a naive evaluation. */
#include "base/draw.h"
#include "base/formula.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"V", "Vmax", "H", "nothing"};
static const double values[] = {20, 30, 4, NAN};
enum { NAMES = sizeof names / sizeof *names };
static const struct hl_formula_symbols symbols = {names, NAMES};
static const struct hl_currency_rate usd = {"USD", 150};
static const struct hl_currencies currencies = {"JPY", &usd, 1};

struct bench {
    struct hl_arena arena;
    struct hl_error err;
    struct hl_formula formula;
};

/* Reads a formula; returns its printed faults, which the caller frees. */
static char *read_formula(struct bench *b, const char *text) {
    const struct hl_formula_place at = {.file = "f"};
    char *printed = NULL;
    size_t size = 0;
    *b = (struct bench){0};
    enum hl_status status = hl_formula_parse(&b->formula, &b->arena, text, &symbols, &currencies, &at, &b->err);
    cr_expect_eq(status, b->err.status);
    cr_expect((status == HL_OK) == (b->formula.text != NULL), "%s", text);
    FILE *out = open_memstream(&printed, &size);
    for (size_t i = 0; i < b->err.count; i++)
        fprintf(out, "%s\n", b->err.faults[i].message);
    fclose(out);
    return printed;
}

static void drop(struct bench *b, char *printed) {
    free(printed);
    hl_error_free(&b->err);
    hl_arena_free(&b->arena);
}

Test(formula, values_and_precedence) {
    static const struct {
        const char *text;
        double want;
    } rows[] = {
        {"7", 7},
        {" 1_000 ", 1000},
        {"20 bp * Vmax", 0.06},
        {"5%", 0.05},
        {"5 % * V", 1},
        {"2 bn", 2e9},
        {"2bn + 3 m", 2003e6},
        {"1.5 tn", 1.5e12},
        {"3 k", 3000},
        {"2 m USD", 300e6},
        {"7 JPY", 7},
        {"1e3", 1000},
        {"1.5e-3*2", 0.003},
        {".5", 0.5},
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"10 - 4 - 3", 3},
        {"24 / 4 / 2", 3},
        {"24 / (4 / 2)", 12},
        {"-2 * 3", -6},
        {"2 * -3", -6},
        {"- - 2", 2},
        {"+2 - -3", 5},
        {"-V + Vmax", 10},
        {"min(V, Vmax)", 20},
        {"min(3, 2, 1, 2)", 1},
        {"max(3, V, Vmax, 2)", 30},
        {"clip(1, 2, 4)", 2},
        {"clip(3, 2, 4)", 3},
        {"clip(5, 2, 4)", 4},
        {"clip(20 bp * Vmax, 0.05, 40 bn)", 0.06},
        {"pow(2, 10)", 1024},
        {"sqrt(9) + abs(-3)", 6},
        {"log(exp(1))", 1},
        {"if(V, 1, 2)", 1},
        {"if(0, 1, 2)", 2},
        {"if(-1, 1, 2)", 2},
        {"if(H - 1, 5, 1 / 0)", 5},
        {"min(1 / 0, 5)", 5},
        {"max(1,\n2)", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        char *printed = read_formula(&b, rows[i].text);
        cr_assert_str_eq(printed, "", "%s: %s", rows[i].text, printed);
        double value = hl_formula_value(&b.formula, values);
        cr_expect(fabs(value - rows[i].want) <= 1e-15 * fabs(rows[i].want), "%s: %.17g, not %.17g", rows[i].text, value,
                  rows[i].want);
        drop(&b, printed);
    }
}

Test(formula, what_is_no_number_stays_none) {
    static const struct {
        const char *text;
        const char *missing; /* NULL: every symbol is known */
    } rows[] = {
        {"nothing", "nothing"},
        {"min(1, nothing)", "nothing"},
        {"V + max(H, nothing)", "nothing"},
        {"if(1, 2, nothing)", "nothing"},
        {"1 / 0", NULL},
        {"0 / 0", NULL},
        {"min(0 / 0, 1)", NULL},
        {"max(1, 0 / 0)", NULL},
        {"clip(1, 0 / 0, 2)", NULL},
        {"log(0)", NULL},
        {"log(-1)", NULL},
        {"sqrt(-1)", NULL},
        {"pow(-1, 0.5)", NULL},
        {"exp(1000)", NULL},
        {"if(0 / 0, 1, 2)", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        char *printed = read_formula(&b, rows[i].text);
        cr_assert_str_eq(printed, "", "%s", rows[i].text);
        cr_expect(isnan(hl_formula_value(&b.formula, values)), "%s", rows[i].text);
        size_t missing = hl_formula_missing(&b.formula, values);
        cr_expect(rows[i].missing == NULL ? missing == (size_t)-1 : missing == 3, "%s", rows[i].text);
        cr_expect_eq(hl_formula_uses(&b.formula, 3), rows[i].missing != NULL);
        drop(&b, printed);
    }
}

Test(formula, every_fault_names_its_column) {
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"", "column 1 of the formula: a number or a figure is missing at the end\n"},
        {"  ", "column 3 of the formula: a number or a figure is missing at the end\n"},
        {"V +", "column 4 of the formula: a number or a figure is missing at the end\n"},
        {"V V", "column 3 of the formula: an operator such as + - * / is missing before \"V\"\n"},
        {"(V", "column 3 of the formula: a closing parenthesis is missing at the end\n"},
        {"V)", "column 2 of the formula: an opening parenthesis is missing before \")\"\n"},
        {"V $ 2", "column 3 of the formula: an operator such as + - * / is missing before \"$\"\n"},
        {"V ^ 2", "column 3 of the formula: an operator such as + - * / is missing before \"^\"\n"},
        {"2 * \xc3\x97",
         "column 5 of the formula: a number or a figure is missing: this character means nothing here\n"},
        {"* 2", "column 1 of the formula: a number or a figure is missing before \"*\"\n"},
        {"max(1, )", "column 8 of the formula: a number or a figure is missing before \")\"\n"},
        {"max 1", "column 1 of the formula: no figure is called max; did you mean Vmax?\ncolumn 5 of the formula: an "
                  "operator such as + - * / "
                  "is missing before \"1\"\n"},
        {"2 * Vmx", "column 5 of the formula: no figure is called Vmx; did you mean Vmax?\n"},
        {"HH * 2 + Vmx", "column 1 of the formula: no figure is called HH; did you mean H?\n"
                         "column 10 of the formula: no figure is called Vmx; did you mean Vmax?\n"},
        {"clp(1, 2, 3)", "column 1 of the formula: no function is called clp; did you mean clip?\n"},
        {"system(1)", "column 1 of the formula: no function is called system\n"},
        {"1 + clip(1, 2)", "column 5 of the formula: clip takes 3 values, not 2\n"},
        {"min(1)", "column 1 of the formula: min takes 2 values or more, not 1\n"},
        {"log(1, 2)", "column 1 of the formula: log takes 1 value, not 2\n"},
        {"pow(1, 2, 3)", "column 1 of the formula: pow takes 2 values, not 3\n"},
        {"1 + 1__0", "column 5 of the formula: an underscore stands between two digits: write 1_000_000\n"},
        {"1e999", "column 1 of the formula: the number is too large\n"},
        {"3 bn KRW", "column 1 of the formula: this currency has no rate: add it to `currencies`, such as currencies: "
                     "{USD: 157.2}\n"},
        {"20 pb", "column 4 of the formula: an operator such as + - * / is missing before \"pb\"\n"},
        {"1.", "column 1 of the formula: \".\" does not belong here: write an amount of money such as 48.2 bn\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        char *printed = read_formula(&b, rows[i].text);
        cr_expect_str_eq(printed, rows[i].want, "%s: %s", rows[i].text, printed);
        drop(&b, printed);
    }
}

/* `depth` of one piece of text, then a number, then `depth` of another. */
static char *nested(const char *open, const char *close, int depth) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < depth; i++)
        fputs(open, out);
    fputs("7", out);
    for (int i = 0; i < depth; i++)
        fputs(close, out);
    fclose(out);
    return text;
}

Test(formula, depth_and_length_are_bounded) {
    static const struct { const char *open, *close; } pairs[] = {{"(", ")"}, {"-", ""}, {"max(1,", ")"}, {"+", ""}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int more = 0; more < 2; more++) {
            struct bench b;
            char *text = nested(pairs[i].open, pairs[i].close, HL_FORMULA_DEPTH - 1 + more);
            char *printed = read_formula(&b, text);
            cr_expect_eq(strstr(printed, "nested deeper than 60 times") != NULL, more == 1, "%s: %s", text, printed);
            free(text);
            drop(&b, printed);
        }
    char sum[HL_FORMULA_BYTES + 2] = "1";
    for (size_t length = 1; length + 2 <= HL_FORMULA_BYTES; length += 2)
        memcpy(sum + length, "+1", 3);
    struct bench b;
    char *printed = read_formula(&b, sum);
    cr_expect_str_eq(printed, "");
    cr_expect_eq(hl_formula_value(&b.formula, values), (double)(strlen(sum) + 1) / 2);
    drop(&b, printed);
    memset(sum, ' ', HL_FORMULA_BYTES + 1);
    sum[HL_FORMULA_BYTES + 1] = '\0';
    printed = read_formula(&b, sum);
    cr_expect_str_eq(printed, "a formula has at most 2000 characters\n");
    drop(&b, printed);
    char *long_name = malloc(1500);
    memset(long_name, 'x', 1499);
    long_name[1499] = '\0';
    printed = read_formula(&b, long_name);
    cr_expect(strstr(printed, "no figure is called xxx") != NULL);
    free(long_name);
    drop(&b, printed);
}

Test(formula, a_comma_decimal_locale_changes_nothing) {
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL)
        cr_skip("no such locale here");
    struct bench b;
    char *printed = read_formula(&b, "1.5 * min(2.5, 3.5)");
    cr_expect_str_eq(printed, "");
    cr_expect_eq(hl_formula_value(&b.formula, values), 3.75);
    drop(&b, printed);
}

/* ---- random formulas --------------------------------------------------------------------------------------------- */

/* Dice of one formula. */
struct dice {
    uint64_t number;
    uint32_t throws;
};

static unsigned throw_of(struct dice *d, unsigned sides) {
    return (unsigned)(hl_u01(d->number, (struct hl_address){.index = d->throws++}) * sides);
}

/* Writes a random formula and returns its value by plain recursion, with no stack and no parser. */
static double invent(FILE *out, struct dice *d, int depth) {
    static const char signs[] = "+-*/";
    unsigned kind = throw_of(d, depth == 0 ? 2 : 10);
    if (kind == 0) {
        unsigned s = throw_of(d, 3);
        fputs(names[s], out);
        return values[s];
    }
    if (kind == 1) {
        unsigned n = throw_of(d, 50);
        static const struct {
            const char *unit;
            double scale;
        } units[] = {{"", 1}, {" k", 1e3}, {"%", 0.01}, {".0", 1}};
        unsigned u = throw_of(d, 4);
        fprintf(out, "%u%s", n, units[u].unit);
        return u == 2 ? (double)n / 100 : n * units[u].scale;
    }
    fputc('(', out); /* so that precedence plays no part here */
    double x = NAN, y, z;
    if (kind < 6) {
        unsigned sign = throw_of(d, 4);
        x = invent(out, d, depth - 1);
        fprintf(out, " %c", signs[sign]);
        y = invent(out, d, depth - 1);
        x = sign == 0 ? x + y : sign == 1 ? x - y : sign == 2 ? x * y : x / y;
    } else if (kind == 6) {
        fputs("- ", out);
        x = -invent(out, d, depth - 1);
    } else if (kind == 7) {
        bool least = throw_of(d, 2) == 0;
        fputs(least ? "min(" : "max(", out);
        x = invent(out, d, depth - 1);
        fputs(",", out);
        y = invent(out, d, depth - 1);
        fputs(" ,", out);
        z = invent(out, d, depth - 1);
        fputs(")", out);
        bool none = isnan(x) || isnan(y) || isnan(z);
        x = none ? NAN : least ? fmin(fmin(x, y), z) : fmax(fmax(x, y), z);
    } else if (kind == 8) {
        fputs("abs( ", out);
        x = fabs(invent(out, d, depth - 1));
        fputs(")", out);
    } else {
        fputs("if(", out);
        x = invent(out, d, depth - 1);
        fputs(", ", out);
        y = invent(out, d, depth - 1);
        fputs(", ", out);
        z = invent(out, d, depth - 1);
        fputs(")", out);
        x = isnan(x) ? NAN : x > 0 ? y : z;
    }
    fputc(')', out);
    return x;
}

Test(formula, random_ones_against_plain_recursion) {
    size_t finite = 0, read = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        struct dice d = {i, 0};
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        double want = invent(out, &d, 5);
        fclose(out);
        struct bench b;
        char *printed = NULL;
        if (size <= HL_FORMULA_BYTES) {
            printed = read_formula(&b, text);
            cr_assert_str_eq(printed, "", "%s: %s", text, printed);
            double value = hl_formula_value(&b.formula, values);
            bool same = isfinite(want) ? value == want : isnan(value) != 0;
            cr_assert(same, "%s: %.17g, not %.17g", text, value, want);
            finite += isfinite(want) != 0;
            read++;
            drop(&b, printed);
        }
        free(text);
    }
    cr_expect(read > 15000 && finite > 10000, "%zu read, %zu finite", read, finite);
}

/* What is no formula is refused with a column, whatever the bytes: nothing else happens. */
Test(formula, random_bytes_are_read_or_refused) {
    static const char alphabet[] = "Vmax(),.+-*/ 0123456789e_%bpHkif\x01\xff";
    size_t refused = 0;
    for (uint64_t i = 0; i < 50000; i++) {
        struct dice d = {i + 1000000, 0};
        char text[41] = "";
        unsigned length = throw_of(&d, 40);
        for (unsigned k = 0; k < length; k++)
            text[k] = alphabet[throw_of(&d, sizeof alphabet - 1)];
        struct bench b;
        char *printed = read_formula(&b, text);
        cr_assert_eq(b.err.count > 0, b.formula.text == NULL);
        refused += b.err.count > 0;
        for (size_t k = 0; k < b.err.count; k++)
            cr_assert(strncmp(b.err.faults[k].message, "column ", 7) == 0, "%s", text);
        drop(&b, printed);
    }
    cr_expect(refused > 40000 && refused < 50000, "%zu refused", refused);
}
