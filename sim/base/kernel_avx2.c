/* The kernels for processors with AVX2. The Makefile compiles this file for them; elsewhere it is empty. */
#include "base/kernel.h"

#ifdef __AVX2__

#define LANES 4
#include "base/kernel_lanes.h"

const struct hl_kernel hl_kernel_avx2 = {"avx2", draws, cubics, eight, take, arrive};

#endif
