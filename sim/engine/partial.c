#include "engine/partial.h"

#include "base/draw.h"
#include "base/file.h"
#include "version.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char MAGIC[] = "hackloss part 1\n";
enum { MAGIC_LENGTH = sizeof MAGIC - 1, SEAL_LENGTH = 65 };

/* Bytes being written or read: one walk over the state serves both, so that they cannot differ. Errors stick. */
struct codec {
    bool reads;
    const char *in; /* the reader's */
    char *out;      /* the writer's */
    size_t at;
    size_t size;  /* that there are, or that there is room for */
    bool no_room; /* memory ran out */
    bool damaged; /* the bytes say what cannot be */
};

static bool good(const struct codec *c) { return !c->no_room && !c->damaged; }

static bool make_room(struct codec *c, size_t more) {
    if (c->size - c->at >= more)
        return true;
    size_t size = c->size < 4096 ? 4096 : 2 * c->size;
    while (size - c->at < more)
        size *= 2;
    char *out = realloc(c->out, size);
    if (out == NULL) {
        c->no_room = true;
        return false;
    }
    c->out = out;
    c->size = size;
    return true;
}

static void put_byte(struct codec *c, unsigned byte) {
    if (good(c) && make_room(c, 1))
        c->out[c->at++] = (char)byte;
}

static unsigned get_byte(struct codec *c) {
    if (c->at == c->size)
        c->damaged = true;
    return good(c) ? (unsigned char)c->in[c->at++] : 0;
}

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
static void put_wide(struct codec *c, hl_wide x) {
    for (; x > 127; x >>= 7)
        put_byte(c, (unsigned)(x & 127) | 128);
    put_byte(c, (unsigned)x);
}

static hl_wide get_wide(struct codec *c) {
    hl_wide x = 0;
    unsigned byte = 128;
    for (unsigned shift = 0; (byte & 128) != 0 && good(c); shift += 7) {
        byte = get_byte(c);
        hl_wide part = byte & 127;
        if (shift > 126 || part << shift >> shift != part)
            c->damaged = true;
        else
            x |= part << shift;
    }
    return x;
}

static void code_wide(struct codec *c, hl_wide *x) {
    if (c->reads)
        *x = get_wide(c);
    else
        put_wide(c, *x);
}

static void code_whole(struct codec *c, uint64_t *x) {
    hl_wide wide = *x;
    code_wide(c, &wide);
    if (wide > UINT64_MAX)
        c->damaged = true;
    *x = (uint64_t)wide;
}

/* A whole number of at most `most`. */
static void code_small(struct codec *c, uint32_t *x, uint32_t most) {
    uint64_t whole = *x;
    code_whole(c, &whole);
    if (whole > most)
        c->damaged = true;
    *x = (uint32_t)whole;
}

static void code_double(struct codec *c, double *x) {
    uint64_t bits = 0;
    if (!c->reads)
        memcpy(&bits, x, sizeof bits);
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (c->reads)
            bits |= (uint64_t)get_byte(c) << shift;
        else
            put_byte(c, bits >> shift & 255);
    }
    memcpy(x, &bits, sizeof bits);
}

/* An amount that a ladder can hold. */
static void code_amount(struct codec *c, double *x) {
    code_double(c, x);
    if (!(*x >= 1 && *x < 0x1p53))
        c->damaged = true;
}

/* How many items follow, of which each takes at least one byte. */
static size_t code_count(struct codec *c, size_t count) {
    uint64_t whole = count;
    code_whole(c, &whole);
    if (c->reads && whole > c->size - c->at)
        c->damaged = true;
    return good(c) ? (size_t)whole : 0;
}

/* --- the counts ----------------------------------------------------------------------------------------------------
 */

static void code_rung(struct codec *c, struct hl_rung *r) {
    code_whole(c, &r->count);
    code_wide(c, &r->sum);
    code_wide(c, &r->square);
}

/* The rungs in use, each after the distance from the last one; 0 ends them. */
static void code_ladder(struct codec *c, struct hl_ladder *l) {
    for (uint32_t i = 0; good(c);) {
        uint32_t distance = 0;
        for (uint32_t k = i; !c->reads && k < HL_RUNGS && distance == 0; k++)
            if (l->rungs[k].count > 0)
                distance = k + 1 - i;
        code_small(c, &distance, HL_RUNGS - i);
        if (distance == 0 || !good(c))
            return;
        i += distance;
        code_rung(c, &l->rungs[i - 1]);
    }
}

/* How many zeros there are from here on, where there are any. */
static size_t zeros_from(const uint64_t *items, size_t length) {
    size_t count = 0;
    while (count < length && items[count] == 0)
        count++;
    return count;
}

/* A list of numbers; after a zero follows how many more there are of it. `words` is the size of a number: 1 or 2. */
static void code_list(struct codec *c, uint64_t *items, size_t length, size_t words) {
    for (size_t i = 0; i < length && good(c); i++) {
        hl_wide x = 0;
        memcpy(&x, items + i * words, words * sizeof *items);
        code_wide(c, &x);
        if (words == 1 && x > UINT64_MAX)
            c->damaged = true;
        memcpy(items + i * words, &x, words * sizeof *items);
        if (x != 0)
            continue;
        uint64_t zeros = c->reads ? 0 : zeros_from(items + i * words, (length - i) * words) / words - 1;
        code_whole(c, &zeros);
        if (zeros >= length - i)
            c->damaged = true;
        i += good(c) ? zeros : 0;
    }
}

/* --- the kept values ------------------------------------------------------------------------------------------------
 */

/* Lays in empty picks as many windows and splits as there are, at the places that the bytes say. */
static void code_places(struct codec *c, struct hl_picks *p, struct hl_ladder *l) {
    const bool reads = c->reads;
    size_t windows = code_count(c, p->window_count), splits = code_count(c, p->split_count);
    struct hl_picks laid = {.window_count = windows, .split_count = splits};
    laid.windows = reads ? calloc(windows + 1, sizeof *laid.windows) : p->windows;
    laid.splits = reads ? calloc(splits + 1, sizeof *laid.splits) : p->splits;
    if (reads && (laid.windows == NULL || laid.splits == NULL)) {
        c->no_room = true;
        windows = splits = 0;
    }
    for (size_t i = 0; i < windows && good(c); i++) {
        uint32_t given = laid.windows[i].given;
        code_amount(c, &laid.windows[i].low);
        code_amount(c, &laid.windows[i].high);
        code_double(c, &laid.windows[i].p);
        code_small(c, &given, 1);
        laid.windows[i].given = given != 0;
        if (!(laid.windows[i].p >= 0 && laid.windows[i].p < 1))
            c->damaged = true;
    }
    for (size_t i = 0; i < splits && good(c); i++) {
        code_amount(c, &laid.splits[i].at);
        if (i > 0 && !(laid.splits[i].at > laid.splits[i - 1].at))
            c->damaged = true;
    }
    if (!reads)
        return;
    if (good(c) && !hl_picks_lay_alike(p, l, &laid))
        c->no_room = true;
    free(laid.windows);
    free(laid.splits);
}

/* Ascending values, each as the distance from the last, with how often it occurs. */
static void code_items(struct codec *c, struct hl_window *w) {
    size_t count = code_count(c, w->count);
    if (c->reads && count > 0) {
        w->items = calloc(count, sizeof *w->items);
        if (w->items == NULL) {
            c->no_room = true;
            return;
        }
        w->capacity = count;
    }
    uint64_t last = 0;
    for (size_t i = 0; i < count && good(c); i++) {
        uint64_t distance = c->reads ? 0 : (uint64_t)w->items[i].value - last;
        code_whole(c, &distance);
        last += distance;
        code_whole(c, &w->items[i].count);
        w->items[i].value = (double)last;
        if (distance == 0 || last >= UINT64_C(1) << 53 || w->items[i].value < w->low || w->items[i].value > w->high)
            c->damaged = true;
        w->count = i + 1;
    }
}

static void code_picks(struct codec *c, struct hl_picks *p, struct hl_ladder *l) {
    code_places(c, p, l);
    for (size_t i = 0; i < p->window_count && good(c); i++) {
        code_rung(c, &p->windows[i].above);
        code_items(c, &p->windows[i]);
    }
    for (size_t i = 0; i < p->split_count && good(c); i++)
        code_rung(c, &p->splits[i].above);
}

/* --- the whole
 * -------------------------------------------------------------------------------------------------------- */

/* A node's moments are of as many blocks as it covers. */
static void code_node(struct codec *c, struct hl_tree_node *node, size_t width) {
    code_small(c, &node->level, 63);
    code_whole(c, &node->index);
    for (size_t i = 0; i < width && good(c); i++) {
        node->moments[i].n = ldexp(1, (int)node->level);
        code_double(c, &node->moments[i].mean);
        code_double(c, &node->moments[i].m2);
    }
}

static void code_tree(struct codec *c, struct hl_tree *t) {
    size_t count = code_count(c, t->count);
    for (size_t i = 0; i < count && good(c); i++) {
        struct hl_tree_node node = {0};
        struct hl_error err = {0};
        if (!c->reads) {
            code_node(c, &t->nodes[i], t->width);
            continue;
        }
        node.moments = calloc(t->width + 1, sizeof *node.moments);
        if (node.moments == NULL) {
            c->no_room = true;
            return;
        }
        code_node(c, &node, t->width);
        c->no_room |= hl_tree_add_node(t, &node, &err) != HL_OK;
        free(node.moments);
        hl_error_free(&err);
    }
}

static void code_stage(struct codec *c, struct hl_stage *s) {
    uint32_t pass = (uint32_t)s->pass;
    code_small(c, &pass, HL_PASS_AGAIN);
    s->pass = (enum hl_pass)pass;
    code_whole(c, &s->trials);
    code_whole(c, &s->first);
    code_whole(c, &s->end);
    code_whole(c, &s->next);
    code_small(c, &s->shard, UINT32_MAX);
    code_small(c, &s->shards, UINT32_MAX);
    if (pass == 0 || s->trials == 0 || s->first > s->end || s->shard > s->shards)
        c->damaged = true;
}

static void code_body(struct codec *c, struct hl_partial *p) {
    struct hl_tally *t = p->tally;
    const struct hl_layout *l = t->layout;
    uint64_t slots = t->own_count;
    code_whole(c, &slots);
    if (slots != t->own_count)
        c->damaged = true;
    for (size_t i = 0; i < t->own_count && good(c); i++) {
        uint32_t missed = p->missed[i];
        code_small(c, &missed, 1);
        p->missed[i] = missed != 0;
        code_ladder(c, &t->ladders[i]);
        code_picks(c, &t->picks[i], &t->ladders[i]);
    }
    struct hl_counts lists[HL_TALLY_LISTS];
    hl_tally_lists(t, lists);
    for (size_t i = 0; i < HL_TALLY_LISTS; i++)
        code_list(c, lists[i].items, lists[i].length, 1);
    code_list(c, (uint64_t *)t->payers, hl_payers_length(l), 2);
    code_whole(c, &t->trials);
    code_whole(c, &t->events);
    code_tree(c, p->tree);
    if (c->reads && good(c) && c->at != c->size)
        c->damaged = true;
}

/* --- the head
 * --------------------------------------------------------------------------------------------------------- */

static void put_text(struct codec *c, const char *text) {
    size_t length = code_count(c, strlen(text));
    for (size_t i = 0; i < length; i++)
        put_byte(c, (unsigned char)text[i]);
}

/* A text in memory of the arena; "" where there is none. */
static const char *get_text(struct codec *c, struct hl_arena *arena) {
    size_t length = code_count(c, 0);
    char *text = hl_arena_array(arena, length + 1, 1);
    if (text == NULL) {
        c->no_room = true;
        return "";
    }
    for (size_t i = 0; i < length; i++)
        text[i] = (char)get_byte(c);
    return text;
}

static void put_head(struct codec *c, const struct hl_partial *p, const struct hl_origin *origin) {
    const struct hl_scenario *scenario = p->tally->layout->plan->scenario;
    struct hl_stage stage = p->stage;
    for (size_t i = 0; i < MAGIC_LENGTH; i++)
        put_byte(c, (unsigned char)MAGIC[i]);
    put_text(c, HL_VERSION " (" HL_COMMIT ")");
    put_wide(c, HL_DRAW_LAYOUT);
    put_text(c, scenario->fingerprint);
    put_wide(c, scenario->seed);
    put_wide(c, scenario->trials);
    put_text(c, origin->path);
    put_wide(c, origin->setting_count);
    for (size_t i = 0; i < origin->setting_count; i++) {
        put_text(c, origin->settings[i].key);
        put_text(c, origin->settings[i].text);
    }
    code_stage(c, &stage);
}

static enum hl_status refuse(struct hl_error *err, const char *name, const char *what) {
    hl_error_add(err, name, 0, 0, NULL, NULL, "%s", what);
    return HL_INVALID;
}

/* Sees to the seal and sets up the reader behind the magic. */
static enum hl_status open_bytes(struct codec *c, const char *name, const char *bytes, size_t size,
                                 struct hl_error *err) {
    char seal[65];
    if (size < MAGIC_LENGTH || memcmp(bytes, MAGIC, MAGIC_LENGTH - 2) != 0)
        return refuse(err, name, "is no part of a run");
    if (bytes[MAGIC_LENGTH - 2] != MAGIC[MAGIC_LENGTH - 2] || bytes[MAGIC_LENGTH - 1] != '\n')
        return refuse(err, name, "is of another version of hackloss: its form is not known");
    if (size < MAGIC_LENGTH + SEAL_LENGTH)
        return refuse(err, name, "is cut off");
    hl_sha256(seal, bytes, size - SEAL_LENGTH);
    if (memcmp(seal, bytes + size - SEAL_LENGTH, 64) != 0 || bytes[size - 1] != '\n')
        return refuse(err, name, "is damaged or cut off: its checksum is another");
    *c = (struct codec){.reads = true, .in = bytes, .at = MAGIC_LENGTH, .size = size - SEAL_LENGTH};
    return HL_OK;
}

static enum hl_status get_head(struct codec *c, struct hl_partial_head *head, struct hl_arena *arena, const char *name,
                               struct hl_error *err) {
    *head = (struct hl_partial_head){0};
    const char *version = get_text(c, arena);
    hl_wide layout = get_wide(c);
    if (good(c) && (strcmp(version, HL_VERSION " (" HL_COMMIT ")") != 0 || layout != HL_DRAW_LAYOUT)) {
        hl_error_add(err, name, 0, 0, NULL, NULL,
                     "was written by hackloss %s, draw layout %u; this is hackloss %s (%s), draw layout %d", version,
                     (unsigned)layout, HL_VERSION, HL_COMMIT, HL_DRAW_LAYOUT);
        return HL_INVALID;
    }
    const char *fingerprint = get_text(c, arena);
    if (strlen(fingerprint) == 64)
        memcpy(head->fingerprint, fingerprint, 65);
    else
        c->damaged = true;
    code_whole(c, &head->seed);
    code_whole(c, &head->trials);
    head->origin.path = get_text(c, arena);
    head->origin.setting_count = code_count(c, 0);
    struct hl_setting *settings = hl_arena_array(arena, head->origin.setting_count + 1, sizeof *settings);
    if (settings == NULL)
        c->no_room = true;
    for (size_t i = 0; i < head->origin.setting_count && good(c); i++) {
        settings[i].key = get_text(c, arena);
        settings[i].text = get_text(c, arena);
    }
    head->origin.settings = settings;
    code_stage(c, &head->stage);
    if (c->no_room)
        return hl_fail_memory(err);
    return c->damaged ? refuse(err, name, "is damaged") : HL_OK;
}

/* --- in and out
 * ------------------------------------------------------------------------------------------------------- */

enum hl_status hl_partial_pack(char **bytes, size_t *size, const struct hl_partial *p, const struct hl_origin *origin,
                               struct hl_error *err) {
    struct codec c = {0};
    struct hl_partial walked = *p; /* which a writer leaves as it is */
    char seal[65];
    put_head(&c, p, origin);
    code_body(&c, &walked);
    assert(!c.damaged);
    if (!good(&c) || !make_room(&c, SEAL_LENGTH)) {
        free(c.out);
        return hl_fail_memory(err);
    }
    hl_sha256(seal, c.out, c.at);
    memcpy(c.out + c.at, seal, 64);
    c.out[c.at + 64] = '\n';
    *bytes = c.out;
    *size = c.at + SEAL_LENGTH;
    return HL_OK;
}

enum hl_status hl_partial_head(struct hl_partial_head *head, struct hl_arena *arena, const char *name,
                               const char *bytes, size_t size, struct hl_error *err) {
    struct codec c;
    enum hl_status status = open_bytes(&c, name, bytes, size, err);
    return status == HL_OK ? get_head(&c, head, arena, name, err) : status;
}

enum hl_status hl_partial_belongs(const struct hl_partial_head *head, const struct hl_scenario *s, const char *name,
                                  struct hl_error *err) {
    if (strcmp(head->fingerprint, s->fingerprint) != 0)
        hl_error_add(err, name, 0, 0, NULL, NULL,
                     "is of another plan: its scenario's fingerprint is %.16s..., not %.16s...", head->fingerprint,
                     s->fingerprint);
    else if (head->seed != s->seed)
        hl_error_add(err, name, 0, 0, NULL, NULL, "is of another plan: its seed is %ju, not %ju", (uintmax_t)head->seed,
                     (uintmax_t)s->seed);
    else if (head->trials != s->trials)
        hl_error_add(err, name, 0, 0, NULL, NULL, "is of another plan: its trials are %ju, not %ju",
                     (uintmax_t)head->trials, (uintmax_t)s->trials);
    else
        return HL_OK;
    return HL_INVALID;
}

enum hl_status hl_partial_unpack(struct hl_partial *p, const char *name, const char *bytes, size_t size,
                                 struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_partial_head head;
    struct codec c;
    enum hl_status status = open_bytes(&c, name, bytes, size, err);
    if (status == HL_OK)
        status = get_head(&c, &head, &arena, name, err);
    if (status == HL_OK)
        status = hl_partial_belongs(&head, p->tally->layout->plan->scenario, name, err);
    if (status == HL_OK) {
        p->stage = head.stage;
        code_body(&c, p);
        if (c.no_room)
            status = hl_fail_memory(err);
        else if (c.damaged)
            status = refuse(err, name, "is damaged");
    }
    hl_arena_free(&arena);
    return status;
}

enum hl_status hl_partial_write(const struct hl_partial *p, const struct hl_origin *origin, const char *folder,
                                const char *name, struct hl_error *err) {
    struct hl_output output = {0};
    char *bytes = NULL;
    size_t size = 0;
    enum hl_status status = hl_partial_pack(&bytes, &size, p, origin, err);
    if (status == HL_OK)
        status = hl_folder_make(folder, err);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, name, err);
    if (status == HL_OK) {
        fwrite(bytes, 1, size, output.stream);
        status = hl_output_close(&output, err);
    }
    free(bytes);
    return status;
}

enum hl_status hl_partial_read(struct hl_partial *p, const char *path, struct hl_error *err) {
    struct hl_arena arena = {0};
    char *bytes = NULL;
    size_t size = 0;
    enum hl_status status = hl_file_read(&bytes, &size, &arena, path, HL_PARTIAL_BYTES_MOST, err);
    if (status == HL_OK)
        status = hl_partial_unpack(p, path, bytes, size, err);
    hl_arena_free(&arena);
    return status;
}

/* Laid alike: windows may have been tightened since. */
static bool laid_alike(const struct hl_picks *a, const struct hl_picks *b) {
    bool same = a->window_count == b->window_count && a->split_count == b->split_count;
    for (size_t i = 0; same && i < a->window_count; i++)
        same = a->windows[i].p == b->windows[i].p && a->windows[i].given == b->windows[i].given;
    for (size_t i = 0; same && i < a->split_count; i++)
        same = a->splits[i].at == b->splits[i].at;
    return same;
}

enum hl_status hl_partial_merge(struct hl_partial *into, const struct hl_partial *from, struct hl_error *err) {
    size_t slots = into->tally->own_count;
    for (size_t i = 0; i < slots; i++)
        if (!laid_alike(&into->tally->picks[i], &from->tally->picks[i]))
            return hl_fail(err, HL_INVALID, "the parts of the run keep values of different places");
    hl_tally_merge(into->tally, from->tally);
    for (size_t i = 0; i < slots; i++) {
        if (into->tally->picks[i].failed)
            return hl_fail_memory(err);
        hl_picks_sort(&into->tally->picks[i]);
    }
    return hl_tree_merge(into->tree, from->tree, err);
}

enum hl_status hl_partial_join(struct hl_partial *into, const char *name, const char *bytes, size_t size,
                               struct hl_error *err) {
    struct hl_tally tally;
    struct hl_tree tree = {.width = into->tree->width};
    struct hl_partial part = {.tally = &tally, .tree = &tree, .missed = into->missed};
    enum hl_status status = hl_tally_make(&tally, into->tally->layout, err);
    if (status != HL_OK)
        return status;
    status = hl_partial_unpack(&part, name, bytes, size, err);
    if (status == HL_OK)
        status = hl_partial_merge(into, &part, err);
    hl_tally_free(&tally);
    hl_tree_free(&tree);
    return status;
}

enum hl_status hl_partial_replace(struct hl_partial *p, const char *name, const char *bytes, size_t size,
                                  struct hl_error *err) {
    const struct hl_layout *layout = p->tally->layout;
    hl_tally_free(p->tally);
    hl_tree_free(p->tree);
    enum hl_status status = hl_tally_make(p->tally, layout, err);
    return status == HL_OK ? hl_partial_unpack(p, name, bytes, size, err) : status;
}

void hl_partial_clear(struct hl_partial *p) {
    hl_tally_clear(p->tally);
    hl_tree_free(p->tree);
}
