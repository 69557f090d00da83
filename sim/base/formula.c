#include "base/formula.h"

#include "base/nearest.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A formula is kept as its steps in reverse Polish order: each operation takes its operands from a stack. No formula
 * has more operands than its text has bytes. */
enum operation {
    PUSH_NUMBER,
    PUSH_SYMBOL,
    NEGATE,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MINIMUM,
    MAXIMUM,
    CLIP,
    POWER,
    LOG,
    EXP,
    SQRT,
    ABS,
    IF,
};

struct hl_formula_step {
    enum operation operation;
    double number;
    size_t symbol;
};

static const struct {
    const char *name;
    enum operation operation;
    size_t arguments; /* of one operation */
    bool more;        /* may be asked of more: the operation is done again with each */
} FUNCTIONS[] = {
    {"min", MINIMUM, 2, true}, {"max", MAXIMUM, 2, true}, {"clip", CLIP, 3, false},
    {"pow", POWER, 2, false},  {"log", LOG, 1, false},    {"exp", EXP, 1, false},
    {"sqrt", SQRT, 1, false},  {"abs", ABS, 1, false},    {"if", IF, 3, false},
};
enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS, WORD_BYTES = 64, FAULT_BYTES = 240 };

struct parser {
    const char *text;
    const char *at;
    const struct hl_formula_symbols *symbols;
    const struct hl_currencies *currencies;
    const struct hl_formula_place *place;
    struct hl_error *err;
    struct hl_formula_step *steps; /* room for every byte of the text */
    size_t count;
    int depth;
    bool stopped; /* what follows is no formula: the reason is noted */
    bool faulty;
};

/* ---- the text ---------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

static void fault(struct parser *p, const char *at, const char *format, ...) HL_PRINTF(3, 4);

static void fault(struct parser *p, const char *at, const char *format, ...) {
    char message[FAULT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    p->faulty = true;
    hl_error_add(p->err, p->place->file, p->place->line, p->place->column, p->place->key, p->text,
                 "column %d of the formula: %s", (int)(at - p->text) + 1, message);
}

/* After this nothing more is read. */
static void stop(struct parser *p, const char *wanted) {
    if (p->stopped)
        return;
    int length = 1;
    while (is_name(*p->at) && is_name(p->at[length]) && length < WORD_BYTES)
        length++;
    if (*p->at == '\0')
        fault(p, p->at, "%s is missing at the end", wanted);
    else if ((unsigned char)*p->at < 0x20 || (unsigned char)*p->at > 0x7e)
        fault(p, p->at, "%s is missing: this character means nothing here", wanted);
    else
        fault(p, p->at, "%s is missing before \"%.*s\"", wanted, length, p->at);
    p->stopped = true;
}

static void skip_blanks(struct parser *p) { p->at += strspn(p->at, " \t\r\n"); }

/* Passes over `sign` when it comes next. */
static bool take(struct parser *p, char sign) {
    skip_blanks(p);
    if (p->stopped || *p->at != sign)
        return false;
    p->at++;
    return true;
}

static void add(struct parser *p, struct hl_formula_step step) {
    assert(p->count < HL_FORMULA_BYTES);
    p->steps[p->count++] = step;
}

/* ---- numbers and names ------------------------------------------------------------------------------------------- */

/* The bytes of a number without its unit. */
static size_t number_length(const char *at) {
    size_t length = 0;
    while (is_digit(at[length]) || at[length] == '_' || at[length] == '.')
        length++;
    if (at[length] != 'e' && at[length] != 'E')
        return length;
    size_t sign = at[length + 1] == '+' || at[length + 1] == '-' ? 1 : 0;
    size_t digits = length + 1 + sign;
    if (!is_digit(at[digits]))
        return length;
    while (is_digit(at[digits]))
        digits++;
    return digits;
}

/* How far a word goes that stands behind a number and is a unit: letters, or a percent sign. */
static size_t unit_length(const char *at) {
    size_t blanks = strspn(at, " \t\r\n"), length = 0;
    if (at[blanks] == '%')
        return blanks + 1;
    while (is_letter(at[blanks + length]))
        length++;
    return length == 0 || is_name(at[blanks + length]) ? 0 : blanks + length;
}

/* Does the text that ends here end in a currency's code? Then nothing shorter is meant. */
static bool is_code(const char *end, size_t length) {
    for (size_t i = 1; i <= 3 && i <= length; i++)
        if (end[-(ptrdiff_t)i] < 'A' || end[-(ptrdiff_t)i] > 'Z')
            return false;
    return length > 3 && !is_name(end[-4]);
}

/* 20 bp is a share, 2 bn and 3 bn KRW are money: hl_quantity_parse knows the units. What it takes for a unit is the
 * longest of what may be one. */
static void parse_number(struct parser *p) {
    size_t lengths[3] = {number_length(p->at)};
    lengths[1] = lengths[0] + unit_length(p->at + lengths[0]);
    lengths[2] = lengths[1] + unit_length(p->at + lengths[1]);
    const char *wrong = NULL;
    for (size_t i = 3; i-- > 0;) {
        char word[2 * HL_FORMULA_BYTES];
        double number = NAN;
        snprintf(word, sizeof word, "%.*s", (int)lengths[i], p->at);
        wrong = hl_quantity_parse(word, HL_UNIT_FRACTION, NULL, &number);
        if (wrong != NULL)
            wrong = hl_quantity_parse(word, HL_UNIT_MONEY, p->currencies, &number);
        if (wrong != NULL && !is_code(word + strlen(word), strlen(word)))
            continue;
        if (wrong != NULL)
            break;
        p->at += lengths[i];
        add(p, (struct hl_formula_step){PUSH_NUMBER, number, 0});
        return;
    }
    fault(p, p->at, "%s", wrong);
    p->stopped = true;
}

static void parse_sum(struct parser *p);

/* The arguments of function `f`, whose parenthesis is open. */
static void parse_call(struct parser *p, size_t f, const char *from) {
    size_t count = 0;
    do {
        parse_sum(p);
        count++;
        if (count == FUNCTIONS[f].arguments || (count > FUNCTIONS[f].arguments && FUNCTIONS[f].more))
            add(p, (struct hl_formula_step){.operation = FUNCTIONS[f].operation});
    } while (take(p, ','));
    if (!take(p, ')'))
        stop(p, "a closing parenthesis");
    bool right = count == FUNCTIONS[f].arguments || (count > FUNCTIONS[f].arguments && FUNCTIONS[f].more);
    if (!p->stopped && !right)
        fault(p, from, "%s takes %zu value%s%s, not %zu", FUNCTIONS[f].name, FUNCTIONS[f].arguments,
              FUNCTIONS[f].arguments == 1 ? "" : "s", FUNCTIONS[f].more ? " or more" : "", count);
}

/* The nearest known name, as the end of a message. */
static void unknown(struct parser *p, const char *from, const char *word, bool called) {
    const char *functions[FUNCTION_COUNT];
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        functions[i] = FUNCTIONS[i].name;
    const char *near =
        called ? hl_nearest(word, functions, FUNCTION_COUNT) : hl_nearest(word, p->symbols->names, p->symbols->count);
    fault(p, from, "no %s is called %s%s%s%s", called ? "function" : "figure", word,
          near == NULL ? "" : "; did you mean ", near == NULL ? "" : near, near == NULL ? "" : "?");
}

/* A figure, or a function with its arguments. An unknown one is read over, so that the rest is read too. */
static void parse_name(struct parser *p) {
    const char *from = p->at;
    char word[WORD_BYTES];
    size_t length = 0, f = 0, s = 0;
    while (is_name(p->at[length]))
        length++;
    snprintf(word, sizeof word, "%.*s", (int)length, p->at);
    p->at += length;
    if (take(p, '(')) {
        while (f < FUNCTION_COUNT && strcmp(FUNCTIONS[f].name, word) != 0)
            f++;
        if (f < FUNCTION_COUNT) {
            parse_call(p, f, from);
            return;
        }
        unknown(p, from, word, true);
        p->stopped = true;
        return;
    }
    while (s < p->symbols->count && strcmp(p->symbols->names[s], word) != 0)
        s++;
    if (s == p->symbols->count)
        unknown(p, from, word, false);
    add(p, (struct hl_formula_step){PUSH_SYMBOL, NAN, s});
}

/* ---- the grammar ------------------------------------------------------------------------------------------------- */

/* A number, a name, a call, a sum in parentheses, or one of these with a sign. */
static void parse_factor(struct parser *p) {
    skip_blanks(p);
    if (p->stopped)
        return;
    if (p->depth == HL_FORMULA_DEPTH) {
        fault(p, p->at, "nested deeper than %d times", (int)HL_FORMULA_DEPTH);
        p->stopped = true;
        return;
    }
    p->depth++;
    if (take(p, '-')) {
        parse_factor(p);
        add(p, (struct hl_formula_step){.operation = NEGATE});
    } else if (take(p, '+')) {
        parse_factor(p);
    } else if (take(p, '(')) {
        parse_sum(p);
        if (!take(p, ')'))
            stop(p, "a closing parenthesis");
    } else if (is_digit(*p->at) || *p->at == '.') {
        parse_number(p);
    } else if (is_letter(*p->at)) {
        parse_name(p);
    } else {
        stop(p, "a number or a figure");
    }
    p->depth--;
}

static void parse_product(struct parser *p) {
    parse_factor(p);
    while (!p->stopped) {
        bool times = take(p, '*');
        if (!times && !take(p, '/'))
            return;
        parse_factor(p);
        add(p, (struct hl_formula_step){.operation = times ? MULTIPLY : DIVIDE});
    }
}

static void parse_sum(struct parser *p) {
    parse_product(p);
    while (!p->stopped) {
        bool plus = take(p, '+');
        if (!plus && !take(p, '-'))
            return;
        parse_product(p);
        add(p, (struct hl_formula_step){.operation = plus ? ADD : SUBTRACT});
    }
}

enum hl_status hl_formula_parse(struct hl_formula *out, struct hl_arena *arena, const char *text,
                                const struct hl_formula_symbols *symbols, const struct hl_currencies *currencies,
                                const struct hl_formula_place *at, struct hl_error *err) {
    *out = (struct hl_formula){0};
    struct parser p = {.text = text, .at = text, .symbols = symbols, .currencies = currencies, .place = at, .err = err};
    if (strlen(text) > HL_FORMULA_BYTES) {
        hl_error_add(err, at->file, at->line, at->column, at->key, NULL, "a formula has at most %d characters",
                     (int)HL_FORMULA_BYTES);
        return HL_INVALID;
    }
    const char *copy = hl_arena_text(arena, text);
    p.steps = hl_arena_array(arena, strlen(text) + 1, sizeof *p.steps);
    if (copy == NULL || p.steps == NULL)
        return hl_fail_memory(err);
    parse_sum(&p);
    skip_blanks(&p);
    if (!p.stopped && *p.at != '\0')
        stop(&p, *p.at == ')' ? "an opening parenthesis" : "an operator such as + - * /");
    if (p.faulty)
        return HL_INVALID;
    *out = (struct hl_formula){copy, p.steps, p.count};
    return HL_OK;
}

/* ---- its value --------------------------------------------------------------------------------------------------- */

/* The operations whose operands are the last one, two or three of the stack. A number that is none stays none. */
static double operate(enum operation operation, const double *x) {
    switch (operation) {
    case NEGATE:
        return -x[0];
    case ADD:
        return x[0] + x[1];
    case SUBTRACT:
        return x[0] - x[1];
    case MULTIPLY:
        return x[0] * x[1];
    case DIVIDE:
        return x[0] / x[1];
    case MINIMUM:
        return isnan(x[0]) || isnan(x[1]) ? NAN : fmin(x[0], x[1]);
    case MAXIMUM:
        return isnan(x[0]) || isnan(x[1]) ? NAN : fmax(x[0], x[1]);
    case CLIP:
        return isnan(x[0]) || isnan(x[1]) || isnan(x[2]) ? NAN : fmin(fmax(x[0], x[1]), x[2]);
    case POWER:
        return pow(x[0], x[1]);
    case LOG:
        return log(x[0]);
    case EXP:
        return exp(x[0]);
    case SQRT:
        return sqrt(x[0]);
    case ABS:
        return fabs(x[0]);
    case IF:
        return isnan(x[0]) ? NAN : x[0] > 0 ? x[1] : x[2];
    case PUSH_NUMBER:
    case PUSH_SYMBOL:
        break;
    }
    assert(0 && "an operation");
    return NAN;
}

static size_t operands(enum operation operation) {
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        if (FUNCTIONS[i].operation == operation)
            return FUNCTIONS[i].arguments;
    return operation == NEGATE ? 1 : 2;
}

double hl_formula_value(const struct hl_formula *f, const double *values) {
    double stack[HL_FORMULA_BYTES + 1];
    size_t count = 0;
    if (hl_formula_missing(f, values) != (size_t)-1)
        return NAN;
    for (size_t i = 0; i < f->step_count; i++) {
        const struct hl_formula_step *step = &f->steps[i];
        if (step->operation == PUSH_NUMBER || step->operation == PUSH_SYMBOL) {
            stack[count++] = step->operation == PUSH_NUMBER ? step->number : values[step->symbol];
            continue;
        }
        count -= operands(step->operation);
        stack[count] = operate(step->operation, stack + count);
        count++;
    }
    assert(count == 1);
    return isfinite(stack[0]) ? stack[0] : NAN;
}

size_t hl_formula_missing(const struct hl_formula *f, const double *values) {
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].operation == PUSH_SYMBOL && isnan(values[f->steps[i].symbol]))
            return f->steps[i].symbol;
    return (size_t)-1;
}

bool hl_formula_uses(const struct hl_formula *f, size_t symbol) {
    for (size_t i = 0; i < f->step_count; i++)
        if (f->steps[i].operation == PUSH_SYMBOL && f->steps[i].symbol == symbol)
            return true;
    return false;
}
