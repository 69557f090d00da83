/* The library's one-time set-up. */
#ifndef HL_ENGINE_INIT_H
#define HL_ENGINE_INIT_H

/* Call once before anything else: turns off GSL's error handler, which would abort the program. */
void hl_init(void);

#endif
