// Whole programs on the hosted platform: everything that needs no machine, since it is twenty times quicker there.
#include "boot/tool/base/files.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace tessera::test;

TEST_CASE("programs that call each other, and what of their manifest is wrong", "[qemu][hosted]") {
    const Seen seen = call({"run", "apps/counter", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("40, with two words 42; its child 1001"));
    CHECK(call({"run", "test/qemu/circle", "--hosted"})
              .says("tessera.toml:4: program[0].grants[0]: expected an object of a program that doesn't need \"a\" "
                    "itself"));
    CHECK(call({"run", "test/qemu/nobody", "--hosted"})
              .says("tessera.toml:4: program[0].grants[0]: expected an object of a program of this file (did you mean "
                    "\"service\"?)"));
    CHECK(call({"run", "test/qemu/nameless", "--hosted"}).says("no interface is called Nameless"));
}

TEST_CASE("the kernel's own objects answer by the standard interfaces", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/kernel_objects", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("written\n0 of 80 wrong\n"));
}

TEST_CASE("proxies that have never heard of an interface can't be told from its objects", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/proxies", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("\n0 wrong\n"));
}

TEST_CASE("what a program is granted goes through others by tessera.toml alone", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/interposed", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("40, with two words 42; its child 1001\n"));
    CHECK(seen.says(
        "object 1: d5b1f4a2c3e60798 method 1, 16 bytes and 0 capabilities -> 0, 16 bytes and 1 capabilities\n"));
}

TEST_CASE("the kernel's own objects are interposed as programs' are", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/interposed_console", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("Hello from a verified program.\nobject 1: ec8ee198c6c97d6c method 1, "));
}

TEST_CASE("what two programs say to each other is recorded, and the recording is as good as the other one",
          "[qemu][hosted]") {
    const Seen recorded = call({"run", "test/qemu/recorded", "--hosted"});
    INFO(recorded.output);
    CHECK(recorded.status == 0);
    std::ifstream tape(root() / "test/qemu/replayed/tape/counter.txt");
    unsigned lines = 0;
    for (std::string line; std::getline(tape, line); ++lines) {
        CHECK(recorded.says(line + "\n"));
    }
    CHECK(lines == 4);
    const Seen replayed = call({"run", "test/qemu/replayed", "--hosted"});
    INFO(replayed.output);
    CHECK(replayed.status == 0);
    CHECK(replayed.says("40, with two words 42; its child 1001\n"));
}

TEST_CASE("Rust serves objects of an interface that extends another one, and calls them", "[qemu][hosted]") {
    if (!has_rust()) {
        WARN("rustc isn't installed: Rust was not tested");
        return;
    }
    const Seen seen = call({"test", "test/qemu/rust_objects"});
    INFO(seen.output);
    CHECK(seen.says("1 passed, 0 failed"));
}

TEST_CASE("untrusted plug-ins can't hurt a service, and what stands before it is a manifest's affair",
          "[qemu][hosted]") {
    if (!has_rust()) {
        WARN("rustc isn't installed: apps/plugins was not tested");
        return;
    }
    const Seen plain = call({"run", "apps/plugins", "--hosted"});
    INFO(plain.output);
    REQUIRE(plain.status == 0);
    CHECK(plain.says("service: snoop asked for ../vault/key: refused\n"));
    CHECK(plain.says("service: spin did not answer; ended, with 0 bytes left of what it had\n"));
    CHECK(plain.says("ended, with 0 bytes left of what it had\nhoard(all there is): broken\n"));
    CHECK(plain.says("shout(and still here): done, Hear, hear: AND STILL HERE\n"));
    const auto variant = [](const char* name) {
        return call({"run", std::string("apps/plugins/") + name + ".toml", "--hosted", "--no-cache"});
    };
    CHECK(variant("guarded").output == plain.output);
    CHECK(variant("mocked").says("spin(for ever): done, as you say\n"));
    CHECK(variant("logged").says("object 1: cbeeac3efc37f803 method 0, 48 bytes and 0 capabilities -> 0, 56 bytes"));
    // The recording that is here is as good as one that is made now, and as good as the service.
    const Seen recorded = variant("recorded");
    const Seen replayed = variant("replayed");
    INFO(recorded.output << replayed.output);
    std::ifstream tape(root() / "apps/plugins/tape/service.txt");
    unsigned lines = 0;
    for (std::string line; std::getline(tape, line); ++lines) {
        CHECK(recorded.says(line + "\n"));
    }
    CHECK(lines == 11);
    std::istringstream said(plain.output);
    for (std::string line; std::getline(said, line);) {
        CHECK((line.starts_with("service: ") || replayed.says(line + "\n")));
    }
}

TEST_CASE("an older and a newer version of an interface get on with each other", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/versions", "--hosted", "--no-cache"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    // Two run at a time.
    for (const char* line : {"0: old 3200\n",
                             "0: new 3270\n",
                             "0: old 3200 0.5 \"\" 0\n",
                             "0: number -3\n",
                             "forget: 1\n",
                             "0: new 3245 0.25 \"a note from the new service\" 1\n",
                             "0: number 9\n",
                             "forget: 0\n"}) {
        CHECK(seen.says(line));
    }
    CHECK_FALSE(seen.says("\n2: "));
    // Of one whose number is a float in the same place all calls of that method are refused, and no others.
    std::istringstream lines(seen.output);
    unsigned refused = 0;
    for (std::string line; std::getline(lines, line);) {
        refused += line.starts_with("4: ") ? 1 : 0;
    }
    CHECK(refused == 4);
}

TEST_CASE("a program's heap leaves its files alone, whichever comes first", "[qemu][hosted]") {
    CHECK(call({"run", "test/qemu/programs/files_then_heap.c", "--hosted", "--no-cache"}).output == "still there\n");
}

TEST_CASE("threads of the C library are fibers on every core", "[qemu][hosted]") {
    for (const char* cpus : {"1", "2"}) {
        const Seen seen = call({"run", "test/qemu/programs/threads.c", "--hosted", "--cpus", cpus, "--timeout", "60s"});
        INFO(seen.output);
        CHECK(seen.status == 0);
        CHECK(
            seen.says("thread 0: 50\nthread 1: 60\nthread 2: 70\nthread 3: 80\ncounter 400000 turn 200 dtors 10 tl 5"));
        CHECK(seen.says("timed: ETIMEDOUT\nc11 42\nonces 1 serial 1\n"));
    }
}

TEST_CASE("C++'s threads throw, wait and end by themselves", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/programs/threads.cpp", "--hosted", "--cpus", "2", "--timeout", "60s"});
    INFO(seen.output);
    CHECK(seen.output == "caught 80000, ended 10\nqueue 49995000\nasync 42\nasync threw: from elsewhere\nowners 1\n"
                         "once 1, reads 4\n");
}

TEST_CASE("parallel work gives what the serial program gives", "[qemu][hosted]") {
    for (const char* cpus : {"1", "2", "4"}) {
        const Seen seen =
            call({"run", "test/qemu/programs/parallel.cpp", "--hosted", "--cpus", cpus, "--timeout", "60s"});
        INFO(seen.output);
        CHECK(seen.output == kParallel);
    }
}

TEST_CASE("a fiber that fails ends its program, and a program's end is its fibers'", "[qemu][hosted]") {
    const auto fibers = [](const char* how) {
        return call({"run", "test/qemu/programs/fibers.c", "--hosted", "--cpus", "2", "--timeout", "30s", "--", how});
    };
    const Seen left = fibers("left");
    CHECK(left.output == "three are at it\n");
    CHECK(left.status == 5);
    const Seen trap = fibers("trap");
    CHECK(trap.says("write of address 0x0 (null pointer) at trap (fibers.c:"));
    CHECK(trap.status == 134);
    CHECK(fibers("exit").status == 42);
    CHECK(fibers("late").output == "1 2\n");
    CHECK(fibers("outside").says("read of address 0xfffffff0, beyond its memory"));
    CHECK(fibers("many").output == "refused in the end\n");
}

TEST_CASE("a directory is handed on in part, and to be read alone", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/attenuated", "--hosted", "--no-cache"});
    CHECK(seen.output == "/data/letter: to be read\n/data/deep/letter: and this\n/data/outer: no\n/data/../outer: no\n"
                         "2 entries\nstat: done\n11 bytes\nopen to write: Read-only file system\n"
                         "make: Read-only file system\ncut: Read-only file system\n"
                         "make a directory: Read-only file system\nremove: Read-only file system\n"
                         "rename: Read-only file system\nmake in what was opened: Read-only file system\n"
                         "/data/letter: to be read\n");
}

TEST_CASE("capabilities go at their last use: a program takes more than it may hold at once", "[qemu][hosted]") {
    CHECK(call({"run", "test/qemu/programs/releases.c", "--hosted"}).output == "sum 1400005\n");
}

TEST_CASE("a method gives more than registers hold", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/programs/wide.c", "--hosted"});
    INFO(seen.output);
    CHECK(seen.output.starts_with("0: 3 1813 7 -1 2.5\n0: 2 2064 8 -1 2.5\n"));
    CHECK(seen.output.ends_with("0: 1 265 265 -1 2.5\n16: 0 0 1 -1 2.5\n2: 0 0 0 0 0\n"));
}

TEST_CASE("files are the same in the program's memory, in another's, and as far as they can be read in the image",
          "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/file_systems", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.output.starts_with("0 of "));
}

TEST_CASE("what one program writes another reads", "[qemu][hosted]") {
    const Seen seen = call({"run", "apps/ramdisk", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("written by one program,\nread by another\n"));
}

TEST_CASE("C++ classes serve what is granted, and what they make goes with its last reference", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/granted", "--hosted"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("2250000 right\n"));
}

TEST_CASE("hello runs from its folder, with arguments, and from a bare file", "[qemu][hosted]") {
    const Seen hello = call({"run", "apps/hello", "--hosted"});
    INFO(hello.output);
    CHECK(hello.status == 0);
    CHECK(hello.output == "Hello from a verified program.\n");
    const Seen words = call({"run", "apps/hello", "--hosted", "--", "a b", "--help"});
    INFO(words.output);
    CHECK(words.says("argument 1: a b\nargument 2: --help\n"));
    CHECK(call({"run", "test/qemu/programs/hello.c", "--hosted"}).output == "hello from a file\n");
    CHECK(call({"run", "test/qemu/programs/hello.c", "--hosted", "--no-cache"}).output == "hello from a file\n");
}

TEST_CASE("constants of addresses, and a match on 128 bits", "[qemu][hosted]") {
    CHECK(call({"run", "test/qemu/programs/const_address.cpp", "--hosted"}).output == "57\n");
    if (has_rust()) {
        CHECK(call({"run", "test/qemu/programs/wide_match.rs", "--hosted"}).output == "11 4 7\n");
    }
}

TEST_CASE("wide vectors pass between functions, also where code is generated at the first call", "[qemu][hosted]") {
    const std::string sums = "1227 1245 1257 1263 1263 1257 1245 1227 \n";
    CHECK(call({"run", "test/qemu/programs/vectors.c", "--hosted"}).output == sums);
    CHECK(call({"run", "test/qemu/programs/vectors.c", "--hosted", "--no-cache"}).output == sums);
}

TEST_CASE("a program has what it was granted and nothing else", "[qemu][hosted]") {
    const Seen files = call({"run", "test/qemu/files", "--hosted"});
    INFO(files.output);
    CHECK(files.output ==
          "argument: from the manifest\ncolour: green\nfile: a line from the image\nmissing file: refused\n"
          "outside: refused\nwriting: refused\ntime: now\nrandom: yes\n");
    CHECK(!call({"run", "test/qemu/silent", "--hosted"}).says("hello from a file"));
}

TEST_CASE("the exit status is passed through", "[qemu][hosted]") {
    CHECK(call({"run", "test/qemu/programs/faults.c", "--hosted", "--", "status"}).status == 7);
}

TEST_CASE("standard input reaches the program", "[qemu][hosted]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    REQUIRE(tessera::tool::write_file(scratch->path() / "input", "some words\n"));
    const Seen seen = call({"run", "test/qemu/programs/cat.c", "--hosted"}, (scratch->path() / "input").string());
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.output == "SOME WORDS\n");
}

TEST_CASE("what programs expect of the C library is there, or fails cleanly", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/programs/posix.c", "--hosted"});
    INFO(seen.output);
    CHECK(seen.output == "to standard output\nposix: program: Not a tty\n0 wrong\n");
    CHECK(seen.status == 129);  // a signal that it raised itself
}

TEST_CASE("standard error goes its own way, and nothing of it is a terminal's", "[qemu][hosted]") {
    const Seen out = shell("run test/qemu/programs/streams.c --hosted 2>/dev/null | cat");
    CHECK(out.output == "0 0 0\n");
    const Seen errors = shell("run test/qemu/programs/streams.c --hosted 2>&1 >/dev/null | cat");
    CHECK(errors.output == "err\n");
}

TEST_CASE("output that nobody takes fails the write, or ends the program as natively", "[qemu][hosted]") {
    const Seen full = shell("run test/qemu/programs/streams.c --hosted 2>&1 >/dev/full");
    INFO(full.output);
    CHECK(full.output == "err\nNo space left on device\n");
    CHECK(full.status == 1);
    const Seen closed = shell("run test/qemu/programs/streams.c --hosted -- loop 2>&1 | head -2");
    INFO(closed.output);
    CHECK(closed.status == 141);
}

TEST_CASE("a time limit while waiting for input is not its end", "[qemu][hosted]") {
    CHECK(call({"run", "test/qemu/programs/until_end.c", "--hosted"}).output == "0 end\n");  // it is built by then
    const Seen late = shell("run test/qemu/programs/until_end.c --hosted --timeout \"500 ms\" 2>&1", "sleep 8");
    INFO(late.output);
    CHECK(late.status == 124);
    CHECK(late.says("ran longer than its time limit"));
    CHECK_FALSE(late.says("0 end"));
}

TEST_CASE("a program that goes wrong ends with one message: program, cause, place", "[qemu][hosted]") {
    struct Fault {
        const char* name;
        const char* function;  // where the message places it
        const char* file;
    };
    for (const Fault& fault : {Fault{"divide", "", "faults.c:10"},
                               Fault{"null", "", "faults.c:12"},
                               Fault{"recurse", "recurse", "faults.c:"},
                               Fault{"abort", "", ""},
                               Fault{"bad-call", "", ""}}) {
        const Seen seen = call({"run", "test/qemu/programs/faults.c", "--hosted", "--", fault.name});
        INFO(fault.name << ":\n" << seen.output);
        CHECK(seen.status == 134);
        CHECK(seen.says("faults"));
        CHECK(seen.says(fault.function));
        CHECK(seen.says(fault.file));
    }
}

TEST_CASE("a trap in C is traced through what was inlined to the entry", "[qemu][hosted][trace]") {
    const auto trace = [](const std::string& what, const std::string& option) {
        std::vector<std::string> words{"run", "test/qemu/programs/traces.c", "--hosted"};
        if (!option.empty()) {
            words.push_back(option);
        }
        words.insert(words.end(), {"--", what});
        return call(words).output;
    };
    const std::string entry = " __main_void\n  inlined into __tessera_start (apps/sdk/runtime/start.c:11)\n";
    const std::string inlined = "write of address 0x0 (null pointer) at inner (traces.c:14)\n"
                                "  inlined into middle (traces.c:18)\n"
                                "  inlined into outer (traces.c:22)\n";
    // The image's code is the image builder's, which inlines more than the kernel's quick code.
    CHECK(trace("inlined", "") ==
          "tessera: program 'traces': " + inlined + "  inlined into main (traces.c:38)\n  inlined into" + entry);
    const std::string quick_entry =
        "  called from __main_void\n  called from __tessera_start (apps/sdk/runtime/start.c:11)\n";
    CHECK(trace("inlined", "--no-cache") ==
          "tessera: program 'traces': " + inlined + "  called from main (traces.c:38)\n" + quick_entry);
    for (const char* option : {"", "--no-cache"}) {
        struct Expected {
            const char* what;
            std::vector<std::string> lines;
        };
        for (const Expected& each :
             {Expected{"deep",
                       {"KiB of calls at deep (traces.c:2", "called from deep (traces.c:26), ", "main (traces.c:41)"}},
              Expected{"sort", {" at abort\n", "compare (traces.c:30)\n", " qsort\n", " main (traces.c:45)\n"}},
              Expected{"copy", {"write of address 0x0 (null pointer) at main (traces.c:48)\n"}}}) {
            const auto output = trace(each.what, option);
            INFO(option << each.what << ":\n" << output);
            for (const auto& line : each.lines) {
                CHECK_THAT(output, Catch::Contains(line));
            }
            CHECK_THAT(output, Catch::EndsWith(" __tessera_start (apps/sdk/runtime/start.c:11)\n"));
        }
    }
    const Seen late = call({"run", "test/qemu/programs/traces.c", "--hosted", "--timeout", "300 ms", "--", "loop"});
    INFO(late.output);
    CHECK(late.says("time limit at main (traces.c:5"));
    CHECK(late.says(" __tessera_start (apps/sdk/runtime/start.c:11)\n"));
}

TEST_CASE("a trap in C++ and a panic in Rust are traced by their languages' names", "[qemu][hosted][trace]") {
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--no-cache"}}) {
        std::vector<std::string> words{"run", "test/qemu/programs/traces.cpp", "--hosted"};
        words.insert(words.end(), options.begin(), options.end());
        const Seen seen = call(words);
        INFO(seen.output);
        CHECK(seen.says("(null pointer) at shapes::Square<int>::area (traces.cpp:15)\n"
                        "  called from main (traces.cpp:26)\n"));
        if (!has_rust()) {
            WARN("rustc isn't installed: Rust was not tested");
            continue;
        }
        words[1] = "test/qemu/programs/traces.rs";
        const Seen rust = call(words);
        INFO(rust.output);
        CHECK(rust.says("called from core::panicking::panic_bounds_check (library/core/src/panicking.rs:"));
        CHECK(rust.says(" traces::Table::sum::{{closure}} (traces.rs:7)\n"));
        CHECK(rust.says(" traces::Table::sum (traces.rs:7)\n"));
        CHECK(rust.says(" traces::main (traces.rs:13)\n"));
    }
}

TEST_CASE("memory ends with a refusal, not with the kernel", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/programs/faults.c", "--hosted", "--", "memory"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("malloc refused after some blocks: 1"));
}

TEST_CASE("an endless loop is ended by the time limit, and by Ctrl-C", "[qemu][hosted]") {
    const Seen late = call({"run", "test/qemu/programs/faults.c", "--hosted", "--timeout", "300 ms", "--", "loop"});
    INFO(late.output);
    CHECK(late.status == 124);
    CHECK(late.says("faults"));
    CHECK(late.seconds < 10);
    const Seen stopped = command({"timeout",
                                  "-s",
                                  "INT",
                                  "3",
                                  tool_path().string(),
                                  "run",
                                  "test/qemu/programs/faults.c",
                                  "--hosted",
                                  "--",
                                  "loop"},
                                 {},
                                 root().string());
    INFO(stopped.output);
    CHECK(stopped.says("stopped"));
}

TEST_CASE("one program's trap does not disturb the other", "[qemu][hosted]") {
    const Seen seen = call({"run", "test/qemu/two", "--hosted"});
    INFO(seen.output);
    CHECK(seen.says("falls"));
    CHECK(seen.says("the other program goes on: "));
    CHECK(seen.status == 134);  // the first program's
}

TEST_CASE("a Makefile outside the tree builds with tessera as its compiler, in parallel", "[qemu][hosted]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const auto folder = scratch->path() / "a place";
    std::filesystem::copy(root() / "test/qemu/makefile", folder);
    const std::string entry = tool_path().string();
    const Seen made =
        command({"make", "-j4", "CC=" + entry + " cc", "AR=" + entry + " ar", "RANLIB=true"}, {}, folder.string());
    INFO(made.output);
    REQUIRE(made.status == 0);
    const Seen seen = call({"run", (folder / "greet").string(), "--hosted"});
    CHECK(seen.output == "made by make, sum 6.75\n");
}

TEST_CASE("cargo builds a crate with a dependency, a build script and a macro", "[qemu][hosted]") {
    if (!has_rust() || command({"cargo", "--version"}).status != 0) {
        WARN("rustc or cargo isn't installed: Rust was not tested");
        return;
    }
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const auto folder = scratch->path() / "crate";
    std::filesystem::copy(root() / "test/qemu/crate", folder, std::filesystem::copy_options::recursive);
    const Seen built = command({"cargo", "build", "--release", "--offline"},
                               {{"RUSTC", (root() / "apps/sdk/rustc").string()}},
                               folder.string());
    INFO(built.output);
    REQUIRE(built.status == 0);
    const Seen seen = call({"run", (folder / "target/release/crate-of-crates").string(), "--hosted"});
    CHECK(seen.says("built by a script, 3 words\nand 2 cat 1 dog 1 end 1 the 3 \n"));
}

TEST_CASE("a single file is built into an image, and one that fails leaves what was there", "[qemu][hosted]") {
    const auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const auto bundle = (scratch->path() / "single.bundle").string();
    const auto source = scratch->path() / "single.c";
    std::ofstream(source) << "#include <stdio.h>\nint main(void) { puts(\"alone\"); return 3; }\n";
    REQUIRE(call({"build", source.string(), "-o", bundle}).status == 0);
    const Seen seen = call({"run", bundle, "--hosted"});
    CHECK(seen.output == "alone\n");
    CHECK(seen.status == 3);
    std::ofstream(source) << "int main(void) { return nothing; }\n";
    CHECK(call({"build", source.string(), "-o", bundle}).status == 1);
    CHECK(call({"run", bundle, "--hosted"}).output == "alone\n");
    // A folder can't be replaced by a file.
    const auto taken = scratch->path() / "taken.bundle";
    std::filesystem::create_directory(taken);
    std::ofstream(source) << "int main(void) { return 0; }\n";
    CHECK(call({"build", source.string(), "-o", taken.string()}).says("cannot write"));
    CHECK(!std::filesystem::exists(scratch->path() / ".unfinished-taken.bundle"));
}

TEST_CASE("what is wrong with the command line is said", "[qemu][hosted]") {
    CHECK(call({"run", "no/such/place"}).says("there is no no/such/place"));
    CHECK(call({"run", "apps/hello", "--memory", "much"}).says("--memory: expected a size"));
    CHECK(call({"run", "apps/hello", "--cpus", "0"}).says("--cpus: expected a number from 1 to 64"));
    CHECK(call({"build", "apps/hello", "-o", "x.vdi"}).says("-o: expected a name ending in .iso"));
    CHECK(call({"build", "README.md", "-o", "x.iso"}).says("README.md: expected a folder with a tessera.toml"));
    CHECK(call({"bench"}).output.starts_with("codegen\nload\n"));
    CHECK(call({"rnu"}).says("did you mean \"run\"?"));
    CHECK(call({"run", "README.md"}).says("README.md: expected a folder with a tessera.toml"));
    CHECK(call({"run", "apps/hello", "--", std::string(5000, 'x')}).says("the arguments are too long"));
    CHECK(call({"check", "README.md"}).status != 0);
    for (const char* name : {"run", "build", "check", "dis", "test", "bench", "doctor", "clean", "version"}) {
        const Seen help = call({name, "--help"});
        CHECK(help.status == 0);
        CHECK(help.says("Usage"));
    }
}

TEST_CASE("a graph says who holds what of whom, as text without Graphviz, and says what is wrong",
          "[programs][graph]") {
    const Seen all = call({"graph", "apps/counter", "--text"});
    INFO(all.output);
    CHECK(all.status == 0);
    CHECK(all.says("[0]          Counter of program service"));
    CHECK(all.says("Counter to client"));
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const std::string dot = (scratch->path() / "g.dot").string();
    CHECK(call({"graph", "apps/counter", "-o", dot, "--from", "service"}).status == 0);
    const auto drawn = tessera::tool::read_file(dot);
    REQUIRE(drawn);
    CHECK(drawn->find("service") != std::string::npos);
    CHECK(drawn->find("client") == std::string::npos);
    const std::string tool = tool_path().string();
    CHECK(command({tool, "graph", "apps/counter", "-o", dot + ".svg"}, {{"PATH", "/nowhere"}}, root().string())
              .says("Graphviz, which draws the picture, is not installed: sudo apt-get install"));
    CHECK(call({"graph", "apps/counter", "--text", "--from", "servce"})
              .says("did you mean \"service\"?); there are: client, service"));
    CHECK(call({"graph", "apps/counter", "-o", "graph.jpg"}).says("-o: expected a name ending in .svg"));
    CHECK(call({"graph", "apps/nothing"}).says("no readable tessera.toml there"));
    CHECK(call({"graph", "--help"}).says("--from"));
}

TEST_CASE("a C file can be checked by itself, and what is refused has a place", "[programs]") {
    const Seen good = call({"check", "apps/hello/hello.c"});
    INFO(good.output);
    CHECK(good.status == 0);
    const Seen bad = call({"check", "test/qemu/programs/assembly.c"});
    INFO(bad.output);
    CHECK(bad.status == 1);
    CHECK(bad.says("assembly.c:4"));
    CHECK(bad.says("inline assembly"));
}

TEST_CASE("a division of truth values is a program like another", "[programs]") {
    const Seen seen = call({"run", "--hosted", "test/qemu/programs/truth_division.ll"});
    INFO(seen.output);
    CHECK(seen.status == 7);
}

TEST_CASE("a suite of C programs is compiled and run, and none disturbs the others", "[qemu][hosted]") {
    const Seen seen = call({"test", "--suite", "-O1", "--timeout", "1", "test/qemu/suite", "nowhere.c"});
    INFO(seen.output);
    CHECK(seen.status == 1);
    CHECK(seen.says("1 passed, 9 failed\n"));
    for (const char* line : {"suite/asm.c:2: error: inline assembly",
                             "suite/flood.c: run: tessera: program 'flood': ran longer than its time limit",
                             "suite/hang.c: run: tessera: program 'hang': ran longer than its time limit",
                             "suite/stack.c: run: tessera: program 'stack': ran out of stack",
                             "suite/status.c: run: status 3",
                             "suite/syntax.c: compile: ",
                             "suite/trap.c: run: tessera: program 'trap': read of address 0x0",
                             "suite/undef.c:2: error: undefined symbol nowhere",
                             "nowhere.c: compile: there is no such file"}) {
        INFO(line);
        CHECK(seen.says(line));
    }
}

TEST_CASE("what tessera cc links is started by its file, in the folder where that is, and gets no further",
          "[qemu][hosted]") {
    const auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    // A name that no `#!` line can have, for the program, not for its launcher.
    const auto folder = scratch->path() / "in here";
    std::filesystem::create_directory(folder);
    std::ofstream(scratch->path() / "secret") << "secret\n";
    std::ofstream(folder / "kept") << "kept\n";
    std::filesystem::create_symlink("/etc", folder / "out");
    std::filesystem::create_symlink("../secret", folder / "outfile");
    std::filesystem::create_symlink("kept", folder / "inside");
    const std::string there = "cd '" + folder.string() + "' && ";
    REQUIRE(call({"cc", "-O1", "test/qemu/programs/started.c", "-o", (folder / "started").string()}).status == 0);
    const Seen seen = command(
        {"/bin/sh", "-c", there + "mkfifo pipe && echo input | GIVEN='x=y z' WHERE=\"$PWD\" ./started 'a b' --"});
    INFO(seen.output);
    CHECK(seen.status == 42);
    CHECK(seen.output == "0 wrong\n");
    std::stringstream made;
    made << std::ifstream(folder / "made").rdbuf();
    CHECK(made.str() == "one\n");
    std::stringstream secret;
    secret << std::ifstream(scratch->path() / "secret").rdbuf();
    CHECK(secret.str() == "secret\n");

    CHECK(call({"check", (folder / "started").string()}).says("accepted"));
    REQUIRE(call({"cc", "-O1", "test/qemu/programs/started.c", "-o", (folder / "plain.sir").string()}).status == 0);
    std::stringstream plain;
    plain << std::ifstream(folder / "plain.sir", std::ios::binary).rdbuf();
    CHECK(plain.str().starts_with("TSIR"));
    std::ofstream(folder / "damaged") << seen.output;
    const Seen damaged = command(
        {(tessera::test::tool_path().parent_path() / "tessera-launcher").string(), (folder / "damaged").string()});
    CHECK(damaged.status == 126);
    CHECK(damaged.says("is no program of `tessera cc`'s"));
}
