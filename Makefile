# hackloss: when a crypto exchange is hacked, is there enough money to make customers whole?
# `make help` lists the targets. Every variant (release, debug, asan, …) has its objects in build/<variant>/; the
# release variant also puts its programs and its library into build/.

VERSION := 0.1.0
PREFIX ?= /usr/local
VARIANT ?= release
# `make V=1` shows whole commands.
Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-4s %s\n') $(1) $@
JOBS := $(shell nproc 2>/dev/null || echo 2)
SUB = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))

# ---- what is built ---------------------------------------------------------------------------------------------------

B := build/$(VARIANT)
OUT := $(if $(filter release,$(VARIANT)),build,$(B))
PROGRAM := $(OUT)/hackloss
LIBRARY := $(OUT)/libhackloss.a

LIBRARY_SOURCES := $(filter-out sim/cli/%,$(wildcard sim/*/*.c)) $(wildcard models/*.c)
CLI_SOURCES := $(wildcard sim/cli/*.c)
TEST_SOURCES := $(wildcard tests/*.c tests/twin/*.c)
VERIFY_SOURCES := $(wildcard tests/verify/*.c) tests/twin/dice.c $(wildcard tests/twin/invent*.c)
HEADERS := $(wildcard sim/*/*.h models/*.h models/*.def)
SCENARIOS := $(wildcard scenarios/*.yaml)
# A case each of a vendor, of prices that are told and of customers who lose; asan runs all of them in one go.
REPLAYS := $(addprefix scenarios/replays/,dmm-2024.yaml wazirx-2024.yaml)
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

# ---- how it is built -------------------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wcast-qual -Wwrite-strings -Wundef -Wformat=2
# The same bits from every compiler: no contraction to fma, no library call replaced by another function.
FLAGS := -std=c17 -D_GNU_SOURCE -Isim -I. -Itests -I$(B) -ffp-contract=off -fno-math-errno -fno-builtin -pthread $(WARNINGS)
# Criterion's macros convert and drop qualifiers. Of the tests themselves neither lines nor undefined behaviour are
# watched, and clang only reads them.
TEST_FLAGS := -Wno-conversion -Wno-write-strings
TEST_FLAGS_asan := -fno-sanitize=undefined -fno-profile-arcs -fno-test-coverage
TEST_FLAGS_clang := -O0
LIBS := -lgsl -lgslcblas -lcsv -lyaml -lnettle -lfftw3 -lm

SANITIZE := -fno-omit-frame-pointer -fno-sanitize-recover=all
# HL_SLOW: tests over many random cases play an eighth of them. HL_RELEASE leaves out the checks that every trial
# conserves money. Users' builds never stop at a warning; the variants of the gates do; assert(!"reason") is no
# conversion of a string. What the sanitizers watch also counts the lines that it runs.
FLAGS_release := -O3 -g -DHL_RELEASE
FLAGS_strict := -O3 -g -DHL_RELEASE -Werror
FLAGS_clang := -O3 -g -DHL_RELEASE -Werror -Wno-string-conversion
FLAGS_debug := -O0 -g3 -Werror
FLAGS_asan := -O1 -g -DHL_SLOW -fsanitize=address,undefined $(SANITIZE) --coverage
FLAGS_tsan := -O1 -g -fsanitize=thread $(SANITIZE)
VARIANT_FLAGS = $(FLAGS_$(VARIANT))
ifeq ($(VARIANT),clang)
CC := clang
endif
COMPILE = $(CC) $(FLAGS) $(VARIANT_FLAGS) $(CPU_FLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP
# What the compiler says also stays beside the object: `make lint` reads it.
compile = $(Q)$(COMPILE) $(1) -c -o $@ $< 2>$(@:.o=.said); code=$$?; cat $(@:.o=.said) >&2; exit $$code
LINK = $(CC) $(VARIANT_FLAGS) $(CFLAGS) -pthread

.PHONY: all demo test check lint mpi asan tsan valgrind verify bench bench-quick plots install uninstall \
        deps deps-dev deps-bench deps-mpi clean help FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(if $(MPI),deps-mpi) ## build the program build/hackloss and the library build/libhackloss.a; MPI=1: build/mpi/hackloss too
	+@$(SUB) $(PROGRAM) $(LIBRARY) $(if $(MPI),$(OUT)/mpi/hackloss)

# The same loops for wider processors; the program chooses when it runs. No fused additions: see FLAGS.
ifneq ($(shell $(CC) -dumpmachine | grep x86_64),)
$(B)/obj/%_avx2.o: CPU_FLAGS := -mavx2
$(B)/obj/%_avx512.o: CPU_FLAGS := -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512
endif

$(B)/obj/%.o: %.c Makefile | $(B)/version.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(call compile)

# The tables that rules take their numbers from, a line of text each: built in.
$(B)/data/%.inc: scenarios/data/%.csv
	@mkdir -p $(@D)
	$(Q)sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&",/' $< >$@

$(B)/obj/models/rule_data.o: $(B)/data/rules.inc $(B)/data/currencies.inc

$(B)/obj/tests/%.o: tests/%.c Makefile | $(B)/version.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(call compile,$(TEST_FLAGS) $(TEST_FLAGS_$(VARIANT)))

# Made anew each time, so that a source file that went away leaves no member behind.
$(LIBRARY): $(call objects,$(LIBRARY_SOURCES))
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PROGRAM): $(call objects,$(CLI_SOURCES)) $(LIBRARY)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LDFLAGS) $(LIBS)

# The same program, but for the one file that talks to other processes.
$(B)/obj/mpi/ranks.o: sim/engine/ranks.c Makefile | $(B)/version.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(COMPILE) -DHL_MPI $(patsubst -I%,-isystem %,$(shell pkg-config --cflags ompi-c)) -c -o $@ $<

$(OUT)/mpi/hackloss: $(call objects,$(CLI_SOURCES)) $(B)/obj/mpi/ranks.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LDFLAGS) $(shell pkg-config --libs ompi-c) $(LIBS)

$(OUT)/mpi/again: $(call objects,tests/ranks/again.c) $(B)/obj/mpi/ranks.o $(LIBRARY)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LDFLAGS) $(shell pkg-config --libs ompi-c) $(LIBS)

$(OUT)/tests: $(call objects,$(TEST_SOURCES) $(filter-out sim/cli/main.c,$(CLI_SOURCES))) $(LIBRARY)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LDFLAGS) -lcriterion -ljansson $(LIBS)

$(OUT)/verify: $(call objects,$(VERIFY_SOURCES)) $(LIBRARY)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LDFLAGS) -lcriterion -ljansson $(LIBS)

# Loaded before the program, it lets calls of the system fail: tests/cli/faults.sh.
$(OUT)/faults.so: tests/faults/faults.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(FLAGS) $(VARIANT_FLAGS) -fPIC -shared -o $@ $<

# Rewritten only when it changes, so that nothing is compiled again for nothing.
$(B)/version.h: FORCE
	@mkdir -p $(@D)
	@commit=$$(GIT_OPTIONAL_LOCKS=0 git describe --always --dirty 2>/dev/null || echo unknown); \
	printf '#define HL_VERSION "%s"\n#define HL_COMMIT "%s"\n' '$(VERSION)' "$$commit" >$@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

FORCE:

-include $(wildcard $(B)/obj/*/*.d $(B)/obj/*/*/*.d)

# ---- to run it -------------------------------------------------------------------------------------------------------

demo: deps ## build, then answer the question for DMM Bitcoin, May 2024 (results in build/demo)
	+@$(SUB) build/hackloss
	build/hackloss run scenarios/dmm-2024.yaml --out build/demo
	@echo
	@echo "Results:  build/demo/summary.json and the tables build/demo/*.csv"
	@echo "Pictures: build/demo/*.svg and build/demo/*.png"
	@echo "The input is scenarios/dmm-2024.yaml: put your own numbers in and run it again."

plots: deps ## run every bundled scenario and draw its pictures into build/plots/<scenario>
	+@$(SUB) build/hackloss
	@for s in $(SCENARIOS); do \
	    out=build/plots/$$(basename $$s .yaml); \
	    build/hackloss run $$s --quiet --out $$out || exit 1; \
	    echo "$$s: $$out"; \
	done

# ---- to trust it -----------------------------------------------------------------------------------------------------

test: deps ## unit tests and tests of the command line; ends with `N passed, N failed`
	+@$(SUB) build/hackloss build/libhackloss.a build/tests build/faults.so
	@tests/run.sh build/tests tests/cli/*.sh

verify: deps ## compare the program with exact distributions (some minutes)
	+@$(SUB) build/verify
	@tests/run.sh build/verify

# The driver, and the baselines in C as their authors would build them.
BENCH := $(addprefix build/bench/,bench w1 w2 w3)

build/bench/bench: $(wildcard tests/bench/*.[ch]) Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARNINGS) -o $@ $(filter %.c,$^) -lm

build/bench/w%: tests/bench/base/w%.c tests/bench/base/baseline.h Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)gcc -std=c17 -D_GNU_SOURCE -O3 -march=native -fopenmp $(WARNINGS) -o $@ $< -lgsl -lgslcblas -lm

bench: deps-bench ## measure the program against others on the reference workloads (six minutes)
	+@$(SUB) build/hackloss $(BENCH)
	@build/bench/bench $(SCENARIOS)
	@tests/bench/instructions.sh w1 w2 w3 full

bench-quick: deps-bench ## the same with a tenth of the trials and three rounds (half a minute)
	+@$(SUB) build/hackloss $(BENCH)
	@build/bench/bench --quick scenarios/japan-2026.yaml
	@tests/bench/instructions.sh w1

check: ## everything that continuous integration runs: tests, lint, sanitizers, coverage
	@.ci/run

lint: deps-dev ## format, clang-tidy, cppcheck, shellcheck, layers, symbols, documents, warnings of gcc and clang
	+@$(SUB) build/hackloss build/libhackloss.a build/tests build/verify
	+@$(SUB) VARIANT=strict build/strict/faults.so
	+@$(SUB) VARIANT=clang build/clang/hackloss build/clang/libhackloss.a build/clang/tests build/clang/verify build/clang/faults.so
	@FLAGS='$(FLAGS)' tests/gates/lint.sh

mpi: deps-mpi ## the bytes of two and three processes are those of one (Open MPI)
	+@$(SUB) build/hackloss build/mpi/hackloss build/mpi/again build/faults.so
	@tests/gates/mpi.sh

asan: deps-dev ## unit tests and small runs under the address and undefined-behaviour sanitizers; lines they reach
	+@$(SUB) VARIANT=asan build/asan/hackloss build/asan/tests
	@tests/gates/asan.sh $(SCENARIOS) $(REPLAYS)

tsan: deps-dev ## small runs of four threads under the thread sanitizer
	+@$(SUB) VARIANT=tsan build/tsan/hackloss
	@tests/gates/tsan.sh $(SCENARIOS)

valgrind: deps-dev ## small runs under valgrind
	+@$(SUB) VARIANT=debug build/debug/hackloss
	@tests/gates/valgrind.sh $(SCENARIOS) $(REPLAYS)

# ---- to install it ---------------------------------------------------------------------------------------------------

install: all ## install program, library, headers, pkg-config file, plots and scenarios under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/hackloss
	install -m 755 $(if $(MPI),build/mpi/hackloss,build/hackloss) $(DESTDIR)$(PREFIX)/bin/hackloss
	install -m 644 build/libhackloss.a $(DESTDIR)$(PREFIX)/lib/libhackloss.a
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(LIBS)|' hackloss.pc.in \
	    >$(DESTDIR)$(PREFIX)/lib/pkgconfig/hackloss.pc
	for h in $(patsubst sim/%,%,$(HEADERS)); do \
	    from=sim/$$h; [ -e $$from ] || from=$$h; \
	    install -D -m 644 $$from $(DESTDIR)$(PREFIX)/include/hackloss/$$h || exit 1; \
	done
	install -m 644 sim/hackloss.h $(DESTDIR)$(PREFIX)/include/hackloss/hackloss.h
	cp -r --no-preserve=ownership plots scenarios $(DESTDIR)$(PREFIX)/share/hackloss/

uninstall: ## take away what install put under PREFIX
	rm -f $(DESTDIR)$(PREFIX)/bin/hackloss $(DESTDIR)$(PREFIX)/lib/libhackloss.a
	rm -f $(DESTDIR)$(PREFIX)/lib/pkgconfig/hackloss.pc
	rm -rf $(DESTDIR)$(PREFIX)/include/hackloss $(DESTDIR)$(PREFIX)/share/hackloss

# What it takes to build, run and test, and what the other gates take.
DEPS := libc6-dev libgsl-dev libcsv-dev libcriterion-dev libyaml-dev libjansson-dev librandom123-dev libfftw3-dev \
        nettle-dev gnuplot-nox pkg-config locales
DEPS_BENCH := python3-numpy valgrind
DEPS_MPI := libopenmpi-dev openmpi-bin
DEPS_DEV := clang clang-format clang-tidy cppcheck valgrind gcovr shellcheck

deps: ## install what building, running and testing need (Debian 12; as root, or prints the command)
	@tests/gates/packages.sh $(DEPS)

deps-bench: deps ## install what the benchmarks need
	@tests/gates/packages.sh $(DEPS_BENCH)

deps-mpi: deps ## install what runs on many machines need: make MPI=1
	@tests/gates/packages.sh $(DEPS_MPI)

deps-dev: deps ## install what the other gates need
	@tests/gates/packages.sh $(DEPS_DEV)

clean: ## remove everything that was built
	rm -rf build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
