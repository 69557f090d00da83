#include "engine/clients.h"

#include <math.h>

void hl_clients_reach(const struct hl_plan *p, uint32_t source, uint64_t stream, uint32_t block, uint32_t index,
                      bool *reached) {
    const struct hl_source *src = &p->sources[source];
    struct hl_address at = {stream, block, HL_DRAW_PASS, index};
    bool open[src->link_count + 1];
    for (size_t k = 0; k < src->link_count; k++) {
        at.stream = hl_stream_with(stream, src->links[k].key);
        open[k] = hl_u01(p->seed, at) < src->breach->passes;
    }
    hl_source_reach(src, open, reached);
}

size_t hl_clients_hit(const struct hl_plan *p, size_t sampling, uint32_t source, uint64_t stream, uint32_t block,
                      uint32_t index, struct hl_tilted *tilted, uint32_t trial, struct hl_client *out) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_copula *copula = &src->breach->copula;
    struct hl_address at = {stream, block, HL_DRAW_FACTOR, index};
    struct hl_words common = copula->family == NULL ? (struct hl_words){0} : hl_draw(p->seed, at);
    bool reached[src->reached_count];
    size_t count = 0;
    hl_clients_reach(p, source, stream, block, index, reached);
    if (src->breach->size.family == NULL)
        tilted = NULL;
    if (tilted != NULL && copula->family != NULL)
        common.word[0] = hl_tilted_size(tilted, source, trial, common.word[0]);
    at.purpose = HL_DRAW_HIT;
    for (uint32_t k = 0; k < src->target_count; k++) {
        const struct hl_target *t = &src->targets[k];
        if (!reached[t->reached])
            continue;
        at.stream = hl_target_stream(src, t, stream);
        struct hl_words w = hl_draw(p->seed, at);
        if (hl_unit(w.word[0]) >= hl_hit_of(p, sampling, source, t))
            continue;
        if (tilted != NULL && copula->family == NULL)
            w.word[1] = hl_tilted_size(tilted, source, trial, w.word[1]);
        double own = hl_unit(w.word[1]);
        out[count++] =
            (struct hl_client){k, copula->family == NULL ? own
                                                         : copula->family->uniform(copula, hl_unit(common.word[0]),
                                                                                   hl_unit(common.word[1]), own)};
    }
    return count;
}

double hl_apart_offset(const struct hl_plan *p, const struct hl_target *t, uint32_t block) {
    return hl_u01(p->seed, (struct hl_address){t->apart, block, HL_DRAW_APART, 0});
}
