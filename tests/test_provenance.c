/* What a result says of its own making. */
#include "engine/provenance.h"

#include <criterion/criterion.h>
#include <string.h>

Test(provenance, names_program_machine_and_time) {
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    then.tv_sec -= 3; /* a run of three seconds */
    struct hl_provenance p;
    hl_provenance_tell(&p, 3, 2, 17, &then);
    cr_expect(p.ranks == 3 && p.threads == 2 && p.events == 17);
    cr_expect(p.seconds_run >= 3 && p.seconds_run < 60);
    cr_expect(strlen(p.version) > 0 && strlen(p.commit) > 0 && strlen(p.host) > 0);
    cr_expect(strncmp(p.compiler, "gcc ", 4) == 0 || strncmp(p.compiler, "clang ", 6) == 0);
    cr_expect(strlen(p.started) == strlen("2024-05-30T12:00:00Z") && p.started[10] == 'T' && p.started[19] == 'Z');
}
