/* Rows of key tables in words: what is allowed, what is missing, what is unknown. */
#include "scenario/keys.h"

#include "base/number.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

size_t hl_choices(const char *(*choice)(size_t place), const char *names[HL_CHOICES_MOST]) {
    size_t count = 0;
    for (const char *name; count < HL_CHOICES_MOST && (name = choice(count)) != NULL; count++)
        names[count] = name;
    return count;
}

static void append(char *out, size_t size, const char *text) {
    size_t length = strlen(out);
    snprintf(out + length, size - length, "%s", text);
}

static void append_number(char *out, size_t size, double value) {
    char number[32];
    hl_number_text(number, sizeof number, value);
    append(out, size, number);
}

void hl_choices_words(char *out, size_t size, const char *(*choice)(size_t place)) {
    const char *names[HL_CHOICES_MOST];
    size_t count = hl_choices(choice, names);
    for (size_t i = 0; i < count; i++) {
        append(out, size, i > 0 ? ", " : count > 1 ? "one of " : "");
        append(out, size, names[i]);
    }
}

static void append_range(char *out, size_t size, const struct hl_key *key) {
    const char *unit = key->unit == HL_UNIT_DAYS ? " days" : "";
    if (isinf(key->maximum)) {
        append(out, size, key->minimum_open ? ", above " : ", at least ");
        append_number(out, size, key->minimum);
        append(out, size, unit);
        return;
    }
    append(out, size, key->minimum_open ? ", in (" : ", in [");
    append_number(out, size, key->minimum);
    append(out, size, ", ");
    append_number(out, size, key->maximum);
    append(out, size, key->maximum_open ? ")" : "]");
    append(out, size, unit);
}

static void append_number_words(char *out, size_t size, const struct hl_key *key) {
    append(out, size, hl_unit_words(key->unit));
    append_range(out, size, key);
    if (key->whole && key->unit != HL_UNIT_COUNT)
        append(out, size, ", whole");
    if (key->word != NULL) {
        append(out, size, ", or ");
        append(out, size, key->word);
    }
}

static void append_reference_words(char *out, size_t size, const struct hl_key *key) {
    append(out, size,
           key->kind == HL_KEY_REFERENCES ? "an id or a list of ids of the table of " : "an id of the table of ");
    append(out, size, hl_catalog_name(key->catalog));
    if (key->kind == HL_KEY_REFERENCES)
        append(out, size, ", or all");
    if (key->word != NULL) {
        append(out, size, ", or ");
        append(out, size, key->word);
    }
}

void hl_key_allowed(char *out, size_t size, const struct hl_key *key) {
    *out = '\0';
    switch (key->kind) {
    case HL_KEY_NUMBER:
    case HL_KEY_PRICE:
        append_number_words(out, size, key);
        return;
    case HL_KEY_NUMBERS:
        append(out, size, "a list, each ");
        append_number_words(out, size, key);
        append(out, size, key->distinct ? ", none twice" : "");
        return;
    case HL_KEY_TEXT:
        append(out, size, key->shape != NULL ? key->shape : "text");
        return;
    case HL_KEY_ID:
        append(out, size, "an id: 1 to 63 letters, digits, - _ .");
        return;
    case HL_KEY_CURRENCY:
        append(out, size, "a currency code of ISO 4217 such as JPY");
        return;
    case HL_KEY_COUNTRY:
        append(out, size, "a country code of ISO 3166 such as JP");
        return;
    case HL_KEY_DATE:
        append(out, size, "a day such as 2024-05-30");
        return;
    case HL_KEY_WORD:
    case HL_KEY_CHOICE:
        hl_choices_words(out, size, key->choice);
        return;
    case HL_KEY_CHOICES:
        append(out, size, "a list, each ");
        hl_choices_words(out, size, key->choice);
        append(out, size, key->word != NULL ? "; or " : "");
        append(out, size, key->word != NULL ? key->word : "");
        return;
    case HL_KEY_REFERENCE:
    case HL_KEY_REFERENCES:
        append_reference_words(out, size, key);
        return;
    case HL_KEY_NODE:
        append(out, size, key->shape);
        return;
    }
    assert(0 && "a kind of key");
}

void hl_key_missing(struct hl_reader *r, const struct hl_place *at, const struct hl_key *key) {
    char allowed[HL_MESSAGE_BYTES];
    hl_key_allowed(allowed, sizeof allowed, key);
    hl_fault(r, at, NULL, "missing; must be %s", allowed);
}

bool hl_key_refuse(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text) {
    char allowed[HL_MESSAGE_BYTES];
    hl_key_allowed(allowed, sizeof allowed, key);
    hl_fault(r, at, text, "must be %s", allowed);
    return false;
}

const struct hl_key *hl_key_unknown(struct hl_reader *r, const struct hl_place *at, const char *name,
                                    const struct hl_section *section) {
    const char *names[HL_CHOICES_MOST];
    char known[HL_MESSAGE_BYTES] = "";
    assert(section->count <= HL_CHOICES_MOST);
    for (size_t i = 0; i < section->count; i++) {
        names[i] = section->keys[i].name;
        append(known, sizeof known, i == 0 ? "" : ", ");
        append(known, sizeof known, names[i]);
    }
    const char *near = hl_near(r, name, names, section->count);
    if (near == NULL) {
        hl_fault(r, at, NULL, "unknown; known here: %s", known);
        return NULL;
    }
    hl_fault(r, at, NULL, "unknown; did you mean %s?", near);
    size_t place = 0;
    while (names[place] != near)
        place++;
    return &section->keys[place];
}
