#include "engine/init.h"

#include <gsl/gsl_errno.h>

void hl_init(void) { gsl_set_error_handler_off(); }
