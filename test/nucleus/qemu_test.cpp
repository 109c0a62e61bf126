// The nucleus under QEMU: each way to enter it, machine, size and number of cores, and each way to end badly.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr int kPassed = 1;               // isa-debug-exit: (0 << 1) | 1
constexpr int kStopped = (70 << 1) | 1;  // EX_SOFTWARE
constexpr unsigned kSecondsMax = 120;

struct Outcome {
    int status;
    std::string text;
};

Outcome run(const std::string& command) {
    const std::string whole = "timeout " + std::to_string(kSecondsMax) + " " + command + " </dev/null 2>&1";
    std::FILE* pipe = popen(whole.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    char buffer[4096];
    for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        text.append(buffer, got);
    }
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

std::string machine(const std::string& options) {
    return "qemu-system-x86_64 -accel tcg,thread=multi -display none -serial stdio -no-reboot "
           "-device isa-debug-exit,iobase=0xf4,iosize=4 " +
           options;
}

Outcome boot(const std::string& options, const std::string& words) {
    return run(machine(options) + " -kernel " NUCLEUS_KERNEL " -append 'exit=isa-debug " + words + "'");
}

// A scratch folder with a bootable ISO of the test kernel.
class Iso {
  public:
    Iso() : folder_(fs::temp_directory_path() / ("nucleus-iso-" + std::to_string(getpid()))) {
        fs::create_directories(folder_ / "tree/boot/grub");
        fs::copy_file(NUCLEUS_KERNEL, folder_ / "tree/boot/kernel");
        std::ofstream(folder_ / "tree/boot/bundle") << std::string(100'000, 'x');
        std::ofstream(folder_ / "tree/boot/grub/grub.cfg")
            << "set timeout=0\nmenuentry test {\nmultiboot2 /boot/kernel exit=isa-debug\nmodule2 "
               "/boot/bundle\nboot\n}\n";
        REQUIRE(run("grub-mkrescue -o " + path() + " " + (folder_ / "tree").string()).status == 0);
    }
    ~Iso() { fs::remove_all(folder_); }
    Iso(const Iso&) = delete;
    Iso& operator=(const Iso&) = delete;
    [[nodiscard]] std::string path() const { return (folder_ / "test.iso").string(); }

  private:
    fs::path folder_;
};

void expect_passed(const Outcome& outcome) {
    INFO(outcome.text);
    CHECK(outcome.status == kPassed);
    CHECK(outcome.text.find("all passed") != std::string::npos);
}

void expect_stopped(const std::string& test, const std::vector<std::string>& words) {
    const Outcome outcome = boot("-m 128 -smp 2", "test=" + test);
    INFO(outcome.text);
    CHECK(outcome.status == kStopped);
    for (const std::string& word : words) {
        INFO(word);
        CHECK(outcome.text.find(word) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("the nucleus serves a program on machines of all sizes", "[nucleus]") {
    for (const char* options :
         {"-m 128 -smp 1", "-m 256 -smp 2 -cpu max", "-m 6G -smp 4 -cpu max", "-M q35 -m 256 -smp 3"}) {
        INFO(options);
        expect_passed(boot(options, ""));
    }
}

TEST_CASE("GRUB enters the nucleus, by BIOS and by UEFI", "[nucleus]") {
    const Iso iso;
    for (const char* options : {"", "-M q35 -cpu max -smp 2", "-M q35 -m 256 -smp 2 -bios /usr/share/ovmf/OVMF.fd"}) {
        INFO(options);
        const Outcome outcome = run(machine(std::string(options) + " -cdrom " + iso.path()));
        expect_passed(outcome);
        CHECK(outcome.text.find("bundle sum 12000000") != std::string::npos);
    }
}

TEST_CASE("what nobody handles is reported in words and ends with a failing status", "[nucleus]") {
    expect_stopped("fatal-read", {"page fault: reading address 0x0", "at", "fatal_read", "by", "main +", "rsp 0x"});
    expect_stopped("fatal-write-text", {"page fault: writing address", "main +"});
    expect_stopped("fatal-execute-data", {"page fault: executing address", "main +"});
    expect_stopped("fatal-stack", {"page fault: writing address", "overflow", "more times", "main +"});
    expect_stopped("fatal-ud", {"illegal instruction", "main +"});
    expect_stopped("fatal-syscall", {"system call 57 (fork) is not served", "main +"});
    expect_stopped("fatal-abort", {"abort() was called", "abort +", "main +"});
    expect_stopped("fatal-assert", {"ASSERT(platform::cpu_count() == 0) does not hold (test/nucleus/main.cpp:"});
}

TEST_CASE("a machine without isa-debug-exit is switched off, and a reboot restarts it", "[nucleus]") {
    const std::string plain =
        "qemu-system-x86_64 -accel tcg -display none -serial stdio -no-reboot -kernel " NUCLEUS_KERNEL;
    for (const char* options :
         {" -append test=none", " -append test=reboot", " -M q35 -append test=none", " -M q35 -append test=reboot"}) {
        INFO(options);
        const Outcome outcome = run(plain + options);
        INFO(outcome.text);
        CHECK(outcome.status == 0);
    }
}

TEST_CASE("a virtio-console shows and takes what the serial line does", "[nucleus]") {
    const Outcome outcome =
        run("sh -c \"(sleep 2; echo hello; echo .) | qemu-system-x86_64 -accel tcg -display none -serial none "
            "-no-reboot -device virtio-serial-pci -chardev stdio,id=c -device virtconsole,chardev=c "
            "-kernel " NUCLEUS_KERNEL " -append test=echo\"");
    INFO(outcome.text);
    CHECK(outcome.status == 0);
    CHECK(outcome.text.find("got: hello") != std::string::npos);
}
