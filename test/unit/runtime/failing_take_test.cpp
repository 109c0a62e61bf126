// Each take of memory that the kernel makes for a program fails once, by count: while it is loaded, runs, grows, traps
// and ends. Each run has to end with the program's success or its error, never the kernel's, give everything back, and
// leave the honest program beside it alone.
#include "boot/bundle/writer.h"
#include "boot/system/kernel.h"
#include "caps/imports.h"
#include "caps/kernel_guard.h"
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/account.h"
#include "runtime/failing_take.h"
#include "runtime/trap.h"
#include "safeir/inspect/assembly.h"
#include "safeir/load/cache.h"
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace tessera;

namespace {

// Opens files, grows its memory and its table, goes down its stack, and ends as it was told: 0 returns, 1 traps.
std::string greedy(bool traps) {
    return R"(
declare { i32, target("tessera.cap") } @open(ptr, i32, target("tessera.cap"), ptr "tessera.ro", i64, i32, i32) "tessera.import"="fee6d96a6f4036eb/0"
declare i32 @tessera.cap_to_handle(ptr, target("tessera.cap"))
declare target("tessera.cap") @tessera.cap_null(ptr)
declare i32 @tessera.cap_table_grow(ptr, i32, target("tessera.cap"), i32)
define internal i32 @down(ptr %base, i32 %sp, target("tessera.cap") %console, i32 %n) {
    %frame = alloca [512 x i8]
    %none = icmp eq i32 %n, 0
    br i1 %none, label %end, label %more
  more:
    store i32 %n, ptr %frame
    %m = sub i32 %n, 1
    %deep = call i32 @down(ptr %base, i32 %sp, target("tessera.cap") %console, i32 %m)
    %mine = load i32, ptr %frame
    %sum = add i32 %deep, %mine
    ret i32 %sum
  end:
    %w = call i32 @write(ptr %base, i32 %sp, target("tessera.cap") %console, i32 131072, i32 0)
    ret i32 %w
}
define internal i32 @_start(ptr %base, i32 %sp) "tessera.export"="_start" {
    %name = getelementptr i8, ptr %base, i64 131072
    store i8 102, ptr %name
    %console = call target("tessera.cap") @granted(ptr %base, i32 %sp, i32 0)
    %directory = call target("tessera.cap") @granted(ptr %base, i32 %sp, i32 1)
    %lent = call { ptr, i64 } @lend_const(ptr %base, i32 131072, i32 1)
    %path = extractvalue { ptr, i64 } %lent, 0
    %length = extractvalue { ptr, i64 } %lent, 1
    br label %open
  open:
    %i = phi i32 [ 0, %0 ], [ %next, %open ]
    %e = call { i32, target("tessera.cap") } @open(ptr %base, i32 %sp, target("tessera.cap") %directory, ptr %path, i64 %length, i32 0, i32 0)
    %file = extractvalue { i32, target("tessera.cap") } %e, 1
    %kept = call i32 @tessera.cap_to_handle(ptr %base, target("tessera.cap") %file)
    %next = add i32 %i, 1
    %again = icmp ult i32 %next, 40
    br i1 %again, label %open, label %grow
  grow:
    %g1 = call i32 @tessera.memory_grow(ptr %base, i32 16)
    %null = call target("tessera.cap") @tessera.cap_null(ptr %base)
    %t1 = call i32 @tessera.cap_table_grow(ptr %base, i32 0, target("tessera.cap") %null, i32 10)
    %t2 = call i32 @tessera.cap_table_grow(ptr %base, i32 0, target("tessera.cap") %null, i32 100000)
    %d = call i32 @down(ptr %base, i32 %sp, target("tessera.cap") %console, i32 1000)
    %trap = icmp eq i32 )" +
           std::string(traps ? "1" : "0") + R"(, 1
    br i1 %trap, label %bad, label %good
  bad:
    store i32 1, ptr %base
    ret i32 0
  good:
    ret i32 0
})";
}

const char* const kHonest = R"(
define internal i32 @_start(ptr %base, i32 %sp) "tessera.export"="_start" {
    %g = call i32 @tessera.memory_grow(ptr %base, i32 2)
    %ok = icmp ne i32 %g, -1
    %s = select i1 %ok, i32 7, i32 8
    call void @proc_exit(ptr %base, i32 %s)
    ret i32 0
})";

// Makes objects and lets them go, in two ways: those that it gave, and some that it keeps by handles for a while.
const char* const kServer = R"(
declare target("tessera.cap") @mint(ptr, i64) "tessera.import"="1111111111111111/mint"
declare i32 @tessera.cap_to_handle(ptr, target("tessera.cap"))
declare i32 @tessera.cap_release_handle(ptr, i32)
declare i32 @back(ptr, i32, target("tessera.cap"), i32) "tessera.import"="2222222222222222/0"
define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 0
}
define internal { i32, target("tessera.cap") } @make(ptr %base, i32 %sp, i64 %state, i64 %n) "tessera.export"="1111111111111111/0" {
    %o = call target("tessera.cap") @mint(ptr %base, i64 %n)
    %h = call i32 @tessera.cap_to_handle(ptr %base, target("tessera.cap") %o)
    %g = call i32 @tessera.cap_to_handle(ptr %base, target("tessera.cap") %o)
    %x = call i32 @tessera.cap_release_handle(ptr %base, i32 %h)
    %y = call i32 @tessera.cap_release_handle(ptr %base, i32 %g)
    %r0 = insertvalue { i32, target("tessera.cap") } poison, i32 0, 0
    %r1 = insertvalue { i32, target("tessera.cap") } %r0, target("tessera.cap") %o, 1
    ret { i32, target("tessera.cap") } %r1
}
define internal i32 @released(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/released" {
    ret i32 0
}
define internal i32 @call(ptr %base, i32 %sp, i64 %state, target("tessera.cap") %o) "tessera.export"="1111111111111111/1" {
    %r = call i32 @back(ptr %base, i32 %sp, target("tessera.cap") %o, i32 3)
    ret i32 %r
})";

// Its user: 200 objects that it keeps in its table, and calls back into itself.
const char* const kUser = R"(
declare { i32, target("tessera.cap") } @make(ptr, i32, target("tessera.cap"), i64) "tessera.import"="1111111111111111/0"
declare i32 @call(ptr, i32, target("tessera.cap"), target("tessera.cap")) "tessera.import"="1111111111111111/1"
declare target("tessera.cap") @mint(ptr, i64) "tessera.import"="2222222222222222/mint"
declare i32 @tessera.cap_table_grow(ptr, i32, target("tessera.cap"), i32)
define internal i32 @back(ptr %base, i32 %sp, i64 %state, i32 %n) "tessera.export"="2222222222222222/0" {
    ret i32 %n
}
define internal i32 @main(ptr %base, i32 %sp, target("tessera.cap") %k, target("tessera.cap") %d, target("tessera.cap") %s) "tessera.export"="tessera_main" {
    br label %again
  again:
    %i = phi i32 [ 0, %0 ], [ %next, %again ]
    %w = zext i32 %i to i64
    %m = call { i32, target("tessera.cap") } @make(ptr %base, i32 %sp, target("tessera.cap") %s, i64 %w)
    %o = extractvalue { i32, target("tessera.cap") } %m, 1
    %t = call i32 @tessera.cap_table_grow(ptr %base, i32 0, target("tessera.cap") %o, i32 1)
    %c = call target("tessera.cap") @mint(ptr %base, i64 %w)
    %r = call i32 @call(ptr %base, i32 %sp, target("tessera.cap") %s, target("tessera.cap") %c)
    %next = add i32 %i, 1
    %more = icmp ult i32 %next, 200
    br i1 %more, label %again, label %done
  done:
    ret i32 0
})";

void add(bundle::Writer& writer,
         const std::string& name,
         const std::string& assembly,
         bool cached,
         const std::string& server = {}) {
    auto sir = safeir::assemble(test::with_prelude(assembly), name, {{{0, 1U << 20U}}});
    INFO((sir ? "" : sir.error().text));
    REQUIRE(sir);
    std::vector<std::vector<std::byte>> caches;
    if (cached) {
        const auto module = safeir::check_program(*sir);
        REQUIRE(module);
        auto entry = safeir::generate_cache_entry(*module, safeir::detect_features());
        REQUIRE(entry);
        caches.push_back(std::move(*entry));
    }
    bundle::Program program;
    program.name = name;
    program.memory_bytes = std::uint64_t{16} << 20U;
    writer.add_file(name + "/f", {std::byte{'x'}});
    program.grants.push_back({bundle::GrantKind::Console, {}, {}});
    program.grants.push_back({bundle::GrantKind::Directory, "/d", name});
    if (!server.empty()) {
        program.grants.push_back({bundle::GrantKind::Object, server, "1111111111111111"});
    }
    writer.add_program(program, std::move(*sir), std::move(caches));
}

// What the kernel says goes here instead of standard error.
class Heard {
  public:
    Heard() : saved_(dup(2)), file_(open("/tmp", O_TMPFILE | O_RDWR, 0600)) { dup2(file_, 2); }
    ~Heard() {
        dup2(saved_, 2);
        close(saved_);
        close(file_);
    }
    std::string take() {
        std::string text(static_cast<std::size_t>(lseek(file_, 0, SEEK_CUR)), 0);
        (void)!pread(file_, text.data(), text.size(), 0);
        lseek(file_, 0, SEEK_SET);
        (void)!ftruncate(file_, 0);
        return text;
    }

  private:
    int saved_;
    int file_;
};

struct Sweep {
    std::uint64_t runs = 0;
    std::uint64_t takes = 0;
    std::uint64_t ended = 0;  // with an error
};

// Lets every `step`th take fail in turn.
Sweep sweep(const std::vector<std::byte>& bytes, std::uint64_t step, int status_without_failure) {
    platform::hosted::remember_processors();
    platform::prepare_thread(0);
    platform::hosted::install_signal_handlers();
    auto space = safeir::CodeSpace::create();
    REQUIRE(space);
    const auto bindings = caps::all_bindings();
    system::System system;
    auto bundle = bundle::Bundle::open(bytes);
    REQUIRE(bundle);
    system.bundle = *bundle;
    const auto manifest = system.bundle.manifest();
    REQUIRE(manifest);
    system.space = space->get();
    system.bindings = &bindings;
    runtime::install_handlers((*space)->begin(), (*space)->end());
    caps::install_guard_handlers();
    const auto before = runtime::accounts_used();
    Sweep seen;
    for (std::uint64_t number = 0;; number += step) {
        std::string said;
        int status = 0;
        {
            Heard heard;
            status = system::run_programs(system, *manifest, 1, number);
            seen.takes = runtime::end_failing_take();
            said = heard.take();
        }
        INFO("take " << number << " fails: status " << status << ", said: " << said);
        REQUIRE(runtime::accounts_used() == before);
        REQUIRE(said.find("'honest'") == std::string::npos);
        if (seen.takes <= number) {
            REQUIRE(status == status_without_failure);
            return seen;
        }
        ++seen.runs;
        seen.ended += said.find("memory") != std::string::npos ? 1 : 0;
        REQUIRE((status == status_without_failure || said.find("memory") != std::string::npos));
    }
}

// Of two programs the first one's takes fail.
void let_fail_between(bool server_fails) {
    bundle::Writer writer;
    if (server_fails) {
        add(writer, "server", kServer, true);
    }
    add(writer, "user", kUser, true, "server");
    if (!server_fails) {
        add(writer, "server", kServer, true);
    }
    const auto bytes = writer.finish();
    REQUIRE(bytes);
    const auto seen = sweep(*bytes, 1, 0);
    std::printf("%s: %lu of %lu takes failed, %lu ended a program\n",
                server_fails ? "a server" : "its user",
                seen.runs,
                seen.takes,
                seen.ended);
    CHECK(seen.ended > 0);
}

void let_fail(bool cached, bool traps, std::uint64_t step) {
    bundle::Writer writer;
    add(writer, "greedy", greedy(traps), cached);
    add(writer, "honest", kHonest, true);
    const auto bytes = writer.finish();
    REQUIRE(bytes);
    const auto start = std::chrono::steady_clock::now();
    const auto seen = sweep(*bytes, step, traps ? system::kStatusTrapped : 0);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    std::printf("%s, %s: %lu of %lu takes failed (each %lu.), %lu ended the program, %.1f s\n",
                cached ? "code from the image" : "code made on demand",
                traps ? "traps" : "returns",
                seen.runs,
                seen.takes,
                step,
                seen.ended,
                time.count());
    CHECK(seen.ended > 0);
}

}  // namespace

TEST_CASE("each take of memory fails once: a program whose code is in the image", "[runtime][take]") {
    let_fail(true, false, 1);
    let_fail(true, true, 1);
}

TEST_CASE("each take of memory fails once: a program whose code is made on demand", "[runtime][take]") {
    let_fail(false, false, 7);
    let_fail(false, true, 11);
}

TEST_CASE("each take of memory fails once: programs that call each other", "[runtime][take]") {
    let_fail_between(false);
    let_fail_between(true);
}
