# connectai-odbc. `make help` lists the targets.
# Files first; every habit of the project is a target below.

BUILD     ?= build
PREFIX    ?= /usr/local
LIBDIR    ?= $(PREFIX)/lib
BINDIR    ?= $(PREFIX)/bin
DESTDIR   ?=
OPTIMIZE  ?= -O2
SANITIZER ?=
IODBC     ?=
V         ?=

# What is made is for unixODBC, or for iODBC, whose wide characters have 4 octets and whose installer reads its odbc.ini.
ifneq ($(IODBC),)
override BUILD := $(BUILD)/iodbc
MANAGER        := $(BUILD)/manager
MANAGER_FLAGS  := -DCA_WIDE_OCTETS=4 -Idriver/iodbc -isystem $(MANAGER)/include -Wno-unused-function
INSTALLER_LIB  := -L$(MANAGER)/lib -liodbcinst
# The driver, which is loaded, needs the run path too: the old kind, which is handed on.
MANAGER_LIB    := -L$(MANAGER)/lib -Wl,--disable-new-dtags,-rpath,$(abspath $(MANAGER)/lib) -liodbc
else
INSTALLER_LIB  := -lodbcinst
MANAGER_LIB    := -lodbc
endif

DRIVER_SOURCES  := $(wildcard driver/base/*.c driver/data/*.c driver/sql/*.c driver/service/*.c driver/odbc/*.c)
SETUP_SOURCES   := $(filter-out setup/print_options.c,$(wildcard setup/*.c)) driver/service/options.c $(wildcard driver/base/*.c)
COMMAND_SOURCES := $(wildcard setup/dsn/*.c) $(addprefix setup/,attributes.c data_source.c ini_value.c installer_error.c)
SERVICE_SOURCES := $(wildcard tests/service/*.c)
SAMPLE_SOURCES  := $(wildcard tests/service/dialect*.c tests/service/functions*.c tests/service/sample*.c) \
                   tests/service/lexer.c tests/service/procedures.c
UNIT_TESTS      := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
ODBC_TESTS      := $(patsubst tests/odbc/%.c,%,$(wildcard tests/odbc/test_*.c))
# Those that run through iODBC's driver manager too; what does not hang on it runs once.
IODBC_TESTS     := $(addprefix test_,array attribute bind_column catalog catalog_keys connect connection conversions cursor \
                     describe descriptor diagnostics errors faults fetch get_data info info_claims parameter procedure state \
                     statement text threads)

DRIVER  := $(BUILD)/libconnectaiodbc.so
SETUP   := $(BUILD)/libconnectaiodbcS.so
COMMAND := $(BUILD)/connectai-dsn
SERVICE := $(BUILD)/connectai-local
GEN     := $(BUILD)/gen

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
HARDEN   := -fstack-protector-strong $(if $(SANITIZER),,-D_FORTIFY_SOURCE=2)
SANITIZE := $(if $(SANITIZER),-fsanitize=$(SANITIZER) -fno-omit-frame-pointer)
# Asked for when a recipe runs, so that `make test` can install what is missing first.
PACKAGES  = $(shell pkg-config --cflags libcurl json-c libssl libcrypto zlib 2>/dev/null)
CFLAGS   ?= -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(OPTIMIZE) $(CFLAGS) $(WARNINGS) $(HARDEN) $(SANITIZE) -fPIC -fno-plt -fvisibility=hidden -MMD -MP $(MANAGER_FLAGS)
HARDEN_LINK := -Wl,-z,relro,-z,now -Wl,-z,noexecstack $(if $(SANITIZER),,-Wl,-z,defs)

DRIVER_LIBS  = $(INSTALLER_LIB) -lcurl -ljson-c -lssl -lcrypto -lz -ldl -lpthread
SERVICE_LIBS = -lmicrohttpd -lsqlite3 -ljson-c -lcrypto -lz -lm -lpthread

# Recipes print what they make; V=1 prints the commands.
Q   := $(if $(V),,@)
SAY  = $(if $(V),:,echo '  $(1)  $@')

object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
DRIVER_OBJECTS  := $(call object,$(DRIVER_SOURCES))
SETUP_OBJECTS   := $(call object,$(SETUP_SOURCES))
SERVICE_OBJECTS := $(call object,$(SERVICE_SOURCES))
GENERATED := $(addprefix $(GEN)/functions_,inner.h enum.h table.h entry.h) $(GEN)/exports.map

.PHONY: all help deps demo test check bench bench-quick lint asan tsan torture fuzz fuzzers soak install uninstall clean programs iodbc-tests FORCE
# For iODBC the driver alone: the setup library and the command serve unixODBC's programs.
all: $(DRIVER) $(if $(IODBC),,$(SETUP) $(COMMAND) $(SERVICE))

help:
	@sed -n 's/^## //p' Makefile

# The flags are remembered: when they change everything is built again.
$(BUILD)/flags: FORCE | $(MANAGER)
	@mkdir -p $(BUILD)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@
FORCE: # phony, or .SECONDARY keeps it from forcing anything

ifneq ($(IODBC),)
$(MANAGER):
	@$(call SAY,GET)
	$(Q)rm -rf $@.part
	$(Q)sh tests/iodbc.sh $@.part && mv $@.part $@
endif

$(GEN)/functions_%.h: driver/odbc/entry.awk driver/odbc/functions.def
	@mkdir -p $(GEN)
	@$(call SAY,GEN)
	$(Q)awk -v mode=$* -f driver/odbc/entry.awk driver/odbc/functions.def > $@
$(GEN)/exports.map: driver/odbc/entry.awk driver/odbc/functions.def
	@mkdir -p $(GEN)
	@$(call SAY,GEN)
	$(Q)(echo '{ global:'; awk -v mode=script -f driver/odbc/entry.awk driver/odbc/functions.def; echo '    local: *; };') > $@

$(BUILD)/obj/driver/%.o: driver/%.c $(BUILD)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(PACKAGES) -Idriver -I$(GEN) -c $< -o $@
$(BUILD)/obj/setup/%.o: setup/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(PACKAGES) -Idriver -Isetup -c $< -o $@
$(BUILD)/obj/tests/service/%.o: tests/service/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@
$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(PACKAGES) -Idriver -I$(GEN) -Itests/service -Itests/odbc -c $< -o $@

# Kept connections, handles and libcurl are the process's: they stay when a manager unloads the driver.
$(DRIVER): $(DRIVER_OBJECTS) $(GEN)/exports.map
	@$(call SAY,LD)
	$(Q)$(CC) -shared $(SANITIZE) $(HARDEN_LINK) -Wl,-z,nodelete -Wl,-Bsymbolic -Wl,--version-script=$(GEN)/exports.map -o $@ $(DRIVER_OBJECTS) $(DRIVER_LIBS)
$(SETUP): $(SETUP_OBJECTS) setup/exports.map
	@$(call SAY,LD)
	$(Q)$(CC) -shared $(SANITIZE) $(HARDEN_LINK) -Wl,-Bsymbolic -Wl,--version-script=setup/exports.map -o $@ $(SETUP_OBJECTS) -lodbcinst -lpthread
# The command signs in with the driver's own service room, and tests through the driver manager, as programs do.
$(COMMAND): $(call object,$(COMMAND_SOURCES)) $(filter-out $(BUILD)/obj/driver/odbc/%,$(DRIVER_OBJECTS))
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) $(HARDEN_LINK) -o $@ $^ -lodbc $(DRIVER_LIBS)
$(SERVICE): $(SERVICE_OBJECTS)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) $(HARDEN_LINK) -o $@ $(SERVICE_OBJECTS) $(SERVICE_LIBS)
$(BUILD)/print-options: $(call object,setup/print_options.c driver/service/options.c $(wildcard driver/base/*.c))
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lpthread

# Unit tests link the rooms they test; those of the service link none of the driver's.
$(BUILD)/unit/test_service_%: $(BUILD)/obj/tests/unit/test_service_%.o $(call object,$(SAMPLE_SOURCES))
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lsqlite3 -lcmocka -lm
$(BUILD)/unit/test_setup%: $(BUILD)/obj/tests/unit/test_setup%.o $(SETUP_OBJECTS)
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lodbcinst -lcmocka -lpthread
# The reply reader is fed from memory in place of the transport.
FED_OBJECTS := $(filter-out %/service/transfer.o %/service/lane.o %/service/session.o %/service/metadata.o %/service/cache.o %/service/governor.o $(BUILD)/obj/driver/service/auth%.o,$(filter-out $(BUILD)/obj/driver/odbc/%,$(DRIVER_OBJECTS)))
$(BUILD)/unit/test_reply: $(call object,tests/unit/test_reply.c tests/fuzz/fake_transport.c) $(FED_OBJECTS)
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(DRIVER_LIBS) -lcmocka -lm
$(BUILD)/unit/test_%: $(BUILD)/obj/tests/unit/test_%.o $(filter-out $(BUILD)/obj/tests/unit/test_%.o,$(call object,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))) $(DRIVER_OBJECTS)
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(DRIVER_LIBS) -lcmocka -lm
$(BUILD)/odbc/test_%: $(BUILD)/obj/tests/odbc/test_%.o $(call object,$(filter-out tests/odbc/test_%,$(wildcard tests/odbc/*.c)))
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(MANAGER_LIB) -lcmocka -lcurl -ljson-c -lpthread
# The driver itself, its blocks recorded, in place of the driver manager.
$(BUILD)/obj/recorded/alloc.o: driver/base/alloc.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -Dmalloc=recorded_malloc -Dcalloc=recorded_calloc -Drealloc=recorded_realloc -Dfree=recorded_free -Idriver -c $< -o $@
$(BUILD)/odbc/test_memory: $(call object,tests/odbc/test_memory.c $(filter-out tests/odbc/test_%,$(wildcard tests/odbc/*.c))) \
    $(BUILD)/obj/recorded/alloc.o $(filter-out %/base/alloc.o,$(DRIVER_OBJECTS))
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -rdynamic -o $@ $^ $(DRIVER_LIBS) -lcmocka
$(BUILD)/torture: $(call object,tests/torture/torture.c) $(DRIVER_OBJECTS)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(DRIVER_LIBS)
$(BUILD)/soak: $(call object,$(wildcard tests/soak/*.c)) $(call object,$(filter-out tests/odbc/test_%,$(wildcard tests/odbc/*.c)))
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lodbc -lcmocka -lcurl -ljson-c -lpthread -ldl
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/obj/tests/bench/meter.o
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lodbc -lpthread

# The fuzzers are fed in place of the network; clang's, with its sanitizers.
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/fuzz/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(call object,tests/fuzz/fake_transport.c) $(FED_OBJECTS)
	@mkdir -p $(@D)
	@$(call SAY,LD)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(DRIVER_LIBS) -lm
fuzzers: $(FUZZERS)

BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(filter-out tests/bench/meter.c,$(wildcard tests/bench/*.c)))
PROGRAMS := $(addprefix $(BUILD)/odbc/,$(if $(IODBC),$(IODBC_TESTS),$(ODBC_TESTS)))
ifeq ($(IODBC),)
PROGRAMS += $(BUILD)/soak $(BENCH_PROGRAMS) $(BUILD)/print-options $(addprefix $(BUILD)/unit/,$(UNIT_TESTS))
endif
programs: all $(PROGRAMS)
iodbc-tests:
	@echo $(IODBC_TESTS)

## make          build the driver, its setup library and the local service into build/
## make demo     build, start the local service, show its data with isql
## make test     everything: builds, runs all tests, ends with `N passed, N failed`
## make check    the tests that need no packages beyond those already installed
## make bench    measure fetching; make bench-quick does it in a minute
## make lint     formatting, include direction, warnings of gcc and clang
## make asan     the C tests under address and undefined behaviour sanitizers; make tsan: threads
## make torture fails every allocation in turn
## make fuzz     feeds the readers of replies, statements and parameters with anything, SECONDS=60 each
## make soak     16 threads do everything, with faults and cancels, for half an hour; SECONDS=n
## make IODBC=1  the driver for iODBC, into build/iodbc/
## make install  into PREFIX (/usr/local), registered with odbcinst; make uninstall
deps:
	sh tests/dependencies.sh
demo: deps
	$(MAKE) all
	sh tests/demo.sh $(BUILD)
test: deps
	$(MAKE) programs
	$(MAKE) IODBC=1 CFLAGS='-g -Werror' programs
	sh tests/run.sh $(BUILD) all
check: programs
	sh tests/run.sh $(BUILD) native
bench: programs
	sh tests/bench/run.sh $(BUILD)
bench-quick: programs
	sh tests/bench/run.sh $(BUILD) quick
lint:
	sh tests/lint.sh
SECONDS ?= 60
fuzz:
	$(MAKE) BUILD=build/fuzz CC=clang SANITIZER=fuzzer-no-link,address,undefined OPTIMIZE=-O1 fuzzers
	sh tests/fuzz/run.sh build/fuzz/fuzz $(SECONDS)
torture:
	$(MAKE) BUILD=build/torture SANITIZER=address,undefined OPTIMIZE=-O1 CFLAGS='-g -DCA_TEST_ALLOC' build/torture/torture build/torture/connectai-local
	sh tests/torture/run.sh build/torture
soak: programs
	sh tests/soak/run.sh $(BUILD) $(or $(SECONDS),1800)
asan:
	$(MAKE) BUILD=build/asan SANITIZER=address,undefined OPTIMIZE=-O1 check
tsan:
	$(MAKE) BUILD=build/tsan SANITIZER=thread OPTIMIZE=-O1 check

install: $(DRIVER) $(SETUP) $(COMMAND)
	install -d $(DESTDIR)$(LIBDIR) $(DESTDIR)$(BINDIR)
	install -m 755 $(DRIVER) $(SETUP) $(DESTDIR)$(LIBDIR)
	install -m 755 $(COMMAND) $(DESTDIR)$(BINDIR)
	DESTDIR=$(DESTDIR) sh setup/register.sh $(LIBDIR)
uninstall:
	DESTDIR=$(DESTDIR) sh setup/unregister.sh "$(LIBDIR)"
	rm -f $(DESTDIR)$(LIBDIR)/$(notdir $(DRIVER)) $(DESTDIR)$(LIBDIR)/$(notdir $(SETUP)) $(DESTDIR)$(BINDIR)/$(notdir $(COMMAND))
clean:
	rm -rf build

.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
