// Whole images on emulated machines, built and started as a user does it.
#include "boot/tool/base/files.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>

using namespace tessera::test;

namespace {

const char* const kHello = "Hello from a verified program.\n";

// The image started by a plain QEMU command, without any of our options: it has to switch itself off.
Seen plain_qemu(const std::vector<std::string>& more) {
    std::vector<std::string> words{"timeout", "120", "qemu-system-x86_64", "-nographic", "-no-reboot", "-m", "512"};
    words.insert(words.end(), more.begin(), more.end());
    return command(words);
}

const std::vector<std::string> kUefi{"-drive",
                                     "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("untrusted plug-ins can't hurt a service on any number of processors", "[qemu]") {
    if (!has_rust()) {
        WARN("rustc isn't installed: apps/plugins was not tested");
        return;
    }
    for (const char* cpus : {"1", "2", "4"}) {
        const Seen seen = call({"run", "apps/plugins", "--cpus", cpus});
        INFO(cpus << " processors:\n" << seen.output);
        CHECK(seen.status == 0);
        CHECK(seen.says("service: spin did not answer; ended, with 0 bytes left of what it had\n"));
        CHECK(seen.says("ended, with 0 bytes left of what it had\nhoard(all there is): broken\n"));
        CHECK(seen.says("shout(and still here): done, Hear, hear: AND STILL HERE\n"));
        CHECK(seen.says("late answers: 0\n"));
    }
}

TEST_CASE("fibers, threads and parallel work on any number of processors", "[qemu]") {
    for (const char* cpus : {"1", "2", "4"}) {
        INFO(cpus << " processors");
        CHECK(call({"run", "test/qemu/programs/parallel.cpp", "--cpus", cpus}).output == kParallel);
        CHECK(call({"run", "test/qemu/programs/threads.c", "--cpus", cpus})
                  .says("counter 400000 turn 200 dtors 10 tl 5"));
    }
    CHECK(call({"run", "test/qemu/programs/fibers.c", "--cpus", "4", "--", "left"}).status == 5);
}

TEST_CASE("A program calls another one's object, by an interface of their own", "[qemu]") {
    for (const char* processors : {"1", "4"}) {
        const Seen seen = call({"run", "apps/counter", "--cpus", processors});
        INFO(seen.output);
        CHECK(seen.status == 0);
        CHECK(seen.says("40, with two words 42; its child 1001"));
    }
}

TEST_CASE("the kernel's own objects answer by the standard interfaces on a machine, too", "[qemu]") {
    const Seen seen = call({"run", "test/qemu/kernel_objects"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("0 of 80 wrong"));
}

TEST_CASE("hello boots directly on 1, 2 and 4 processors", "[qemu]") {
    for (const char* cpus : {"1", "2", "4"}) {
        const Seen seen = call({"run", "apps/hello", "--cpus", cpus});
        INFO(cpus << " processors:\n" << seen.output);
        CHECK(seen.status == 0);
        CHECK(seen.output == kHello);
    }
}

TEST_CASE("hello boots with 256 MiB and with 6 GiB", "[qemu]") {
    for (const char* memory : {"256 MiB", "6 GiB"}) {
        const Seen seen = call({"run", "apps/hello", "--memory", memory});
        INFO(memory << ":\n" << seen.output);
        CHECK(seen.status == 0);
        CHECK(seen.output == kHello);
    }
}

TEST_CASE("the kernel generates code itself when it may not use the image's", "[qemu]") {
    const Seen seen = call({"run", "apps/hello", "--no-cache"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.output == kHello);
}

// By the image's code for what the machine has (emulated ones have no AVX-512), and by the kernel's own.
TEST_CASE("wide vectors pass between functions on the machine", "[qemu]") {
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--no-cache"}}) {
        const Seen seen = call(with({"run", "test/qemu/programs/vectors.c"}, options));
        INFO(seen.output);
        CHECK(seen.output == "1227 1245 1257 1263 1263 1257 1245 1227 \n");
    }
}

TEST_CASE("a WebAssembly module and a Rust program run on the machine", "[qemu]") {
    const Seen wasm = call({"run", "apps/wasm"});
    INFO(wasm.output);
    CHECK(wasm.status == 0);
    CHECK(wasm.says("150 alive after 120 generations"));
    if (!has_rust()) {
        WARN("rustc isn't installed: Rust was not tested");
        return;
    }
    const Seen rust = call({"run", "apps/rust"});
    INFO(rust.output);
    CHECK(rust.status == 0);
    CHECK(rust.says("payment=1073.643246, pi=3.141593, rate=0.004167, total=386511.568569), 3 problems"));
}

TEST_CASE("arguments, files, time and randomness reach a program on the machine", "[qemu]") {
    const Seen seen = call({"run", "test/qemu/files", "--", "print(\"it's a\\b\")\t"});
    INFO(seen.output);
    CHECK(seen.output ==
          "argument: print(\"it's a\\b\")\t\ncolour: green\nfile: a line from the image\nmissing file: refused\n"
          "outside: refused\nwriting: refused\ntime: now\nrandom: yes\n");
}

TEST_CASE("arguments reach a program through the boot loader, too", "[qemu]") {
    const Seen seen = call({"run", "apps/hello", "--iso", "--", "print(\"it's a\\b\")", "$x"});
    INFO(seen.output);
    CHECK(seen.says("argument 1: print(\"it's a\\b\")\nargument 2: $x\n"));
    CHECK(call({"run", "apps/hello", "--iso", "--", ""}).says("can't hand over the word \"\""));
}

TEST_CASE("an ISO starts by BIOS and UEFI, from CD and stick", "[qemu]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const std::string iso = (scratch->path() / "hello.iso").string();
    const Seen built = call({"build", "apps/hello", "-o", iso});
    INFO(built.output);
    REQUIRE(built.status == 0);
    for (const std::vector<std::string>& medium :
         {std::vector<std::string>{"-cdrom", iso}, std::vector<std::string>{"-drive", "format=raw,file=" + iso}}) {
        const Seen bios = plain_qemu(medium);
        INFO("BIOS " << medium[0] << ":\n" << bios.output);
        CHECK(bios.says("Hello from a verified program."));
        CHECK(bios.status == 0);
    }
    const Seen uefi = plain_qemu(with({"-cdrom", iso}, kUefi));
    INFO("UEFI:\n" << uefi.output);
    CHECK(uefi.says("Hello from a verified program."));
    CHECK(uefi.status == 0);
}

TEST_CASE("disks start by BIOS and UEFI", "[qemu]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const std::string raw = (scratch->path() / "hello.img").string();
    const std::string qcow2 = (scratch->path() / "hello.qcow2").string();
    REQUIRE(call({"build", "apps/hello", "-o", raw}).status == 0);
    REQUIRE(call({"build", "apps/hello", "-o", qcow2}).status == 0);
    const Seen bios = plain_qemu({"-drive", "format=qcow2,file=" + qcow2});
    INFO("BIOS, qcow2:\n" << bios.output);
    CHECK(bios.says("Hello from a verified program."));
    const Seen uefi = plain_qemu(with({"-drive", "format=raw,file=" + raw}, kUefi));
    INFO("UEFI, raw:\n" << uefi.output);
    CHECK(uefi.says("Hello from a verified program."));
}

TEST_CASE("on the machine, too, a trap ends one program and the other goes on", "[qemu]") {
    const Seen seen = call({"run", "test/qemu/two", "--cpus", "2"});
    INFO(seen.output);
    CHECK(seen.says("faults.c:12"));
    CHECK(seen.says("the other program goes on: "));
    CHECK(seen.status == 134);
}

TEST_CASE("in 128 MiB, programs that take all they can get end, and an honest one beside them does not notice",
          "[qemu]") {
    const Seen seen = call({"run", "test/qemu/greedy", "--cpus", "2"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("honest: nothing noticed"));
    CHECK(seen.says("program 'stack': out of memory: the machine has none left"));
    CHECK_FALSE(seen.says("kernel stopped"));
}

TEST_CASE("on the machine, too, takes of memory fail one by one and nothing is left over", "[qemu]") {
    const Seen seen = call({"run", "apps/hello", "--boot", "fail-takes=29"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("takes failed, one in each run"));
}

TEST_CASE("on the machine, too, traps are traced to the entry", "[qemu][trace]") {
    const std::string inlined = "write of address 0x0 (null pointer) at inner (traces.c:14)\n"
                                "  inlined into middle (traces.c:18)\n"
                                "  inlined into outer (traces.c:22)\n";
    const Seen full = call({"run", "test/qemu/programs/traces.c", "--", "inlined"});
    INFO(full.output);
    CHECK(full.says(inlined + "  inlined into main (traces.c:38)\n"));
    CHECK(full.says(" __tessera_start (apps/sdk/runtime/start.c:11)\n"));
    const Seen quick = call({"run", "test/qemu/programs/traces.c", "--no-cache", "--cpus", "1", "--", "inlined"});
    INFO(quick.output);
    CHECK(quick.says(inlined + "  called from main (traces.c:38)\n"));
    const Seen deep = call({"run", "test/qemu/programs/traces.c", "--", "deep"});
    INFO(deep.output);
    CHECK(deep.says("KiB of calls at deep (traces.c:2"));
    CHECK(deep.says("  called from deep (traces.c:26), "));
    CHECK(deep.says(" main (traces.c:41)\n"));
    const Seen late = call({"run", "test/qemu/programs/traces.c", "--timeout", "3 s", "--", "loop"});
    INFO(late.output);
    CHECK(late.says("time limit at main (traces.c:5"));
    const Seen virtual_call = call({"run", "test/qemu/programs/traces.cpp"});
    INFO(virtual_call.output);
    CHECK(virtual_call.says("at shapes::Square<int>::area (traces.cpp:15)\n  called from main (traces.cpp:26)\n"));
    if (has_rust()) {
        const Seen rust = call({"run", "test/qemu/programs/traces.rs"});
        INFO(rust.output);
        CHECK(rust.says(" traces::Table::sum (traces.rs:7)\n"));
        CHECK(rust.says(" traces::main (traces.rs:13)\n"));
    }
}

TEST_CASE("on the machine, too, endless programs are ended by time and by Ctrl-C", "[qemu]") {
    const Seen late = call({"run", "test/qemu/programs/faults.c", "--timeout", "3 s", "--", "loop"});
    INFO(late.output);
    CHECK(late.status == 124);
    CHECK(late.says("faults"));
    const Seen stopped =
        command({"timeout", "-s", "INT", "8", tool_path().string(), "run", "test/qemu/programs/faults.c", "--", "loop"},
                {},
                root().string());
    INFO(stopped.output);
    CHECK(stopped.says("about to: loop"));
    CHECK(stopped.says("stopped"));
}

TEST_CASE("the machine passes exit statuses through and recovers from deep recursion", "[qemu]") {
    CHECK(call({"run", "test/qemu/programs/faults.c", "--", "status"}).status == 7);
    const Seen deep = call({"run", "test/qemu/programs/faults.c", "--", "recurse"});
    INFO(deep.output);
    CHECK(deep.says("recurse"));
    CHECK(deep.status == 134);
}

TEST_CASE("on a machine, too, input comes whole and ends, and standard error goes its own way", "[qemu]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    std::string bytes;  // the frame's own bytes among them
    for (unsigned i = 0; i < 2'000'000; ++i) {
        bytes += static_cast<char>(i * 7 + i / 256);
    }
    REQUIRE(tessera::tool::write_file(scratch->path() / "input", bytes));
    const Seen whole = call({"run", "test/qemu/programs/until_end.c"}, (scratch->path() / "input").string());
    INFO(whole.output);
    CHECK(whole.output == "2000000 end\n");
    CHECK(call({"run", "test/qemu/programs/until_end.c"}).output == "0 end\n");
    CHECK(shell("run test/qemu/programs/streams.c 2>/dev/null | cat").output == "0 0 0\n");
    CHECK(shell("run test/qemu/programs/streams.c 2>&1 >/dev/null | cat").output == "err\n");
}

TEST_CASE("images and bundles give their exit status, and what is no image is named", "[qemu]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    for (const char* kind : {"bundle", "iso", "img", "qcow2"}) {
        const std::string image = (scratch->path() / (std::string("two.") + kind)).string();
        REQUIRE(call({"build", "test/qemu/two", "-o", image}).status == 0);
        const Seen seen = call({"run", image});
        INFO(kind << ": " << seen.output);
        CHECK(seen.status == 134);
        CHECK(seen.says("the other program goes on: "));
    }
    const auto empty = scratch->path() / "empty.img";
    REQUIRE(tessera::tool::write_file(empty, ""));
    CHECK(call({"run", empty.string()}).says("the image is empty"));
    REQUIRE(tessera::tool::write_file(empty, std::string(100'000, 'x')));
    CHECK(call({"run", empty.string()}).says("no image that a machine could start from"));
}
