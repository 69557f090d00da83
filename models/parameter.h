/* One parameter of a family: name, unit, range, default and what it means. The same row reads it, checks it and
 * documents it. */
#ifndef HL_MODELS_PARAMETER_H
#define HL_MODELS_PARAMETER_H

#include "base/quantity.h"

#include <math.h>

struct hl_parameter {
    const char *key;
    enum hl_unit unit;
    double minimum;
    double maximum;
    bool minimum_open; /* the minimum itself is not allowed */
    bool maximum_open;
    double standard; /* the default; NAN = must be given */
    const char *doc;
};

enum { HL_PARAMETERS_MOST = 6 };

#endif
