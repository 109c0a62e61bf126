#include "test/unit/runtime/hosted_run.h"

#include "boot/bundle/writer.h"
#include "safeir/inspect/assembly.h"
#include "safeir/load/cache.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera::test {
namespace {

const char* const kPrelude = R"(
declare void @proc_exit(ptr, i32) "tessera.import"="tessera_domain/exit"
declare target("tessera.cap") @arguments(ptr) "tessera.import"="tessera_domain/arguments"
declare { i32, i64, target("tessera.cap") } @grant(ptr, i32, target("tessera.cap"), i32) "tessera.import"="e68b152ac0228cdd/6"
declare { i32, i64 } @stream_write(ptr, i32, target("tessera.cap"), ptr "tessera.ro", i64, i64) "tessera.import"="ec8ee198c6c97d6c/1"
declare { ptr, i64 } @lend_const(ptr, i32, i32) "tessera.import"="tessera_memory/slice_const" "tessera.result"="ro"
declare void @tessera.memmove(ptr, i32, i32, i32)
declare void @tessera.memset(ptr, i32, i32, i32)
declare i32 @tessera.memory_size(ptr)
declare i32 @tessera.memory_grow(ptr, i32)
declare i32 @tessera.try(ptr, ptr, i32, i32)
declare void @tessera.throw(ptr, i32)
)";

// What only those have that use it: functions count.
const char* const kGranted = R"(
; What the program was granted as the first, second, ...
define internal target("tessera.cap") @granted(ptr %base, i32 %sp, i32 %index) {
  %arguments = call target("tessera.cap") @arguments(ptr %base)
  %found = call { i32, i64, target("tessera.cap") } @grant(ptr %base, i32 %sp, target("tessera.cap") %arguments, i32 %index)
  %object = extractvalue { i32, i64, target("tessera.cap") } %found, 2
  ret target("tessera.cap") %object
}
)";
const char* const kWrite = R"(
; Writes to a console, and gives the status.
define internal i32 @write(ptr %base, i32 %sp, target("tessera.cap") %console, i32 %at, i32 %length) {
  %slice = call { ptr, i64 } @lend_const(ptr %base, i32 %at, i32 %length)
  %bytes = extractvalue { ptr, i64 } %slice, 0
  %count = extractvalue { ptr, i64 } %slice, 1
  %r = call { i32, i64 } @stream_write(ptr %base, i32 %sp, target("tessera.cap") %console, ptr %bytes, i64 %count, i64 -1)
  %status = extractvalue { i32, i64 } %r, 0
  ret i32 %status
}
)";

[[noreturn]] void stop(const std::string& text) { throw std::runtime_error(text); }

std::vector<std::byte> to_bytes(const std::string& text) {
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    return {data, data + text.size()};
}

std::string read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// "dir /data a.txt=hello,b/c.txt=x"
void grant_directory(bundle::Writer& writer, bundle::Program& program, const std::string& text) {
    const auto space = text.find(' ', 4);
    const std::string prefix = "dirs/0";
    std::string files = text.substr(space + 1) + ",";
    while (!files.empty()) {
        const auto comma = files.find(',');
        const auto file = files.substr(0, comma);
        const auto equals = file.find('=');
        writer.add_file(prefix + "/" + file.substr(0, equals), to_bytes(file.substr(equals + 1)));
        files = files.substr(comma + 1);
    }
    program.grants.push_back({bundle::GrantKind::Directory, text.substr(4, space - 4), prefix});
}

void add_program(bundle::Writer& writer, const TestProgram& test) {
    bundle::Program program;
    program.name = test.name;
    program.args = test.args;
    program.memory_bytes = test.memory_bytes;
    program.timeout_ms = test.timeout_ms;
    for (const auto& grant : test.grants) {
        if (grant == "console") {
            program.grants.push_back({bundle::GrantKind::Console, {}, {}});
        } else if (grant == "clock") {
            program.grants.push_back({bundle::GrantKind::Clock, {}, {}});
        } else if (grant == "random") {
            program.grants.push_back({bundle::GrantKind::Random, {}, {}});
        } else if (grant == "loader") {
            program.grants.push_back({bundle::GrantKind::Loader, {}, {}});
        } else if (grant == "cores") {
            program.grants.push_back({bundle::GrantKind::Cores, {}, {}});
        } else if (grant.starts_with("object ")) {
            const auto space = grant.find(' ', 7);
            program.grants.push_back({bundle::GrantKind::Object, grant.substr(7, space - 7), grant.substr(space + 1)});
        } else {
            grant_directory(writer, program, grant);
        }
    }
    constexpr std::uint32_t kEntriesMax = 1U << 20U;
    auto sir = safeir::assemble(with_prelude(test.assembly),
                                test.name,
                                std::vector<safeir::ProgramImage::CapTable>(test.cap_tables, {0, kEntriesMax}));
    if (!sir) {
        stop(sir.error().text);
    }
    std::vector<std::vector<std::byte>> caches;
    if (test.cached) {
        auto module = safeir::check_program(*sir);
        if (!module) {
            stop(module.error().text);
        }
        auto entry = safeir::generate_cache_entry(*module, safeir::detect_features());
        if (!entry) {
            stop(entry.error().text);
        }
        if (test.spoil_cache) {
            (*entry)[entry->size() / 2] ^= std::byte{1};
        }
        caches.push_back(std::move(*entry));
    }
    writer.add_program(program, std::move(*sir), std::move(caches));
}

struct TemporaryFolder {
    std::string path = "/tmp/tessera-test-XXXXXX";
    TemporaryFolder() {
        if (mkdtemp(path.data()) == nullptr) {
            stop("no temporary folder");
        }
    }
    ~TemporaryFolder() {
        for (const char* name : {"/bundle", "/out", "/err"}) {
            unlink((path + name).c_str());
        }
        rmdir(path.c_str());
    }
};

}  // namespace

Outcome run_hosted(const std::vector<TestProgram>& programs, const std::vector<std::string>& options) {
    bundle::Writer writer;
    for (const auto& program : programs) {
        add_program(writer, program);
    }
    const auto bundle = writer.finish();
    if (!bundle) {
        stop(bundle.error().text);
    }
    const TemporaryFolder folder;
    std::ofstream(folder.path + "/bundle", std::ios::binary)
        .write(reinterpret_cast<const char*>(bundle->data()), static_cast<std::streamsize>(bundle->size()));
    // Not alarm(): its signal is the hosted platform's timer.
    std::vector<std::string> words = {"/usr/bin/timeout", "-s", "KILL", "60", TESSERA_HOSTED, folder.path + "/bundle"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> pointers;
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(open((folder.path + "/out").c_str(), O_CREAT | O_WRONLY, 0600), 1);
        dup2(open((folder.path + "/err").c_str(), O_CREAT | O_WRONLY, 0600), 2);
        execv(pointers[0], pointers.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            read_all(folder.path + "/out"),
            read_all(folder.path + "/err")};
}

std::string with_prelude(const std::string& assembly) {
    return kPrelude + std::string(assembly.find("@granted(") != std::string::npos ? kGranted : "") +
           (assembly.find("@write(") != std::string::npos ? kWrite : "") + assembly;
}

}  // namespace tessera::test
