/* The kernels for processors with AVX-512. The Makefile compiles this file for them; elsewhere it is empty. */
#include "base/kernel.h"

#ifdef __AVX512F__

#define LANES 8
#include "base/kernel_lanes.h"

const struct hl_kernel hl_kernel_avx512 = {"avx512", draws, cubics, eight, take, arrive};

#endif
