#include "results/adequacy_out.h"

#include "base/file.h"
#include "results/csv_cells.h"
#include "results/words.h"

static const char *money(const struct hl_plan *p, double quanta, char text[HL_WORDS_SIZE]) {
    hl_words_money(text, HL_WORDS_SIZE, fabs(quanta) * p->scenario->quantum);
    if (quanta < 0) {
        memmove(text + 1, text, strlen(text) + 1);
        *text = '-';
    }
    return text;
}

static void print_restored(const struct hl_adequacy *a, FILE *out) {
    char share[HL_WORDS_SIZE], days[HL_WORDS_SIZE], longest[HL_WORDS_SIZE];
    if (a->fallen == 0) {
        fputs("  No event of these trials brings it below.\n", out);
        return;
    }
    hl_words_percent(share, sizeof share, (double)a->restored / (double)a->fallen);
    fprintf(out, "  Events that bring it below: %llu in %llu trials.\n  Restored within the horizon: %s",
            (unsigned long long)a->fallen, (unsigned long long)a->trials, share);
    if (a->restored > 0) {
        hl_words_number(days, sizeof days, a->restored_days, 0);
        hl_words_number(longest, sizeof longest, a->longest_days, 0);
        fprintf(out, ", after %s days on average, %s at most", days, longest);
    }
    fputs(".\n", out);
}

void hl_adequacy_print(const struct hl_plan *p, size_t exchange, const struct hl_adequacy *a, FILE *out) {
    const struct hl_scenario *s = p->scenario;
    char text[6][HL_WORDS_SIZE];
    fprintf(out, "%s: what is asked and what is held, in %s\n", s->exchanges[exchange].id, s->currency);
    if (a->missing != NULL) {
        fprintf(out, "  The rule asks for %s, which is not known.\n", a->missing);
        return;
    }
    fputs("  day        required  credited      held  headroom  5 % worst  P(below)\n", out);
    for (size_t m = 0; m < a->month_count; m++) {
        const struct hl_adequacy_month *x = &a->months[m];
        hl_words_day(text[5], sizeof text[5], s, x->day);
        hl_words_percent(text[4], sizeof text[4], x->p_below);
        fprintf(out, "  %-10s", text[5]);
        fprintf(out, " %8s  %8s  %8s", money(p, x->required, text[0]), money(p, x->credited, text[1]),
                money(p, x->held, text[2]));
        fprintf(out, "  %8s", money(p, x->headroom, text[0]));
        fprintf(out, "   %8s  %8s\n", money(p, x->headroom_low, text[0]), text[4]);
    }
    print_restored(a, out);
}

static void write_line(struct table *t, const struct hl_plan *p, size_t exchange, const struct hl_adequacy *a,
                       const struct hl_adequacy_month *m) {
    double quantum = p->scenario->quantum, n = (double)a->trials;
    cell_text(t, p->scenario->exchanges[exchange].id);
    cell_count(t, (uint64_t)m->day);
    cell_number(t, m->required * quantum);
    cell_number(t, m->credited * quantum);
    cell_number(t, m->held * quantum);
    cell_number(t, m->headroom * quantum);
    cell_number(t, m->headroom_low * quantum);
    cell_number(t, m->p_below);
    cell_number(t, sqrt(m->p_below * (1 - m->p_below) / n));
    cell_count(t, a->trials);
    cell_count(t, a->fallen);
    cell_count(t, a->restored);
    cell_number(t, a->restored_days);
    cell_number(t, a->restored > 0 ? a->longest_days : NAN);
    end_row(t);
}

enum hl_status hl_adequacy_write(const struct hl_plan *p, const struct hl_adequacy *all, const char *folder,
                                 struct hl_error *err) {
    struct hl_output output = {0};
    enum hl_status status = hl_folder_make(folder, err);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, "adequacy.csv", err);
    if (status != HL_OK)
        return status;
    struct table t = {.out = output.stream};
    fputs("exchange,day,required,credited,held,headroom,headroom_low,p_below,p_below_error,trials,fallen,restored,"
          "restored_days,longest_days\n",
          t.out);
    for (size_t e = 0; e < p->scenario->exchange_count; e++)
        for (size_t m = 0; m < all[e].month_count && all[e].missing == NULL; m++)
            write_line(&t, p, e, &all[e], &all[e].months[m]);
    return hl_output_close(&output, err);
}
