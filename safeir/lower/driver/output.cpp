#include "safeir/lower/driver/output.h"

#include "safeir/write/write_program.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace tessera::lower {

namespace {

// What Linux reads before the program's bytes. It takes no spaces in the launcher's name, and 255 bytes in all: what
// does not fit is told to a shell, which replaces itself before it gets to the program.
std::string launcher_line(const std::string& launcher) {
    constexpr std::size_t kLineBytesMax = 255;
    if (launcher.find_first_of(" \t") == std::string::npos && launcher.size() + 3 <= kLineBytesMax) {
        return "#!" + launcher + "\n";
    }
    std::string quoted;
    for (const char letter : launcher) {
        quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
    }
    return "#!/bin/sh\nexec '" + quoted + "' \"$0\" \"$@\"\n";
}

void let_execute(const std::string& path) {
    if (llvm::sys::fs::is_regular_file(path)) {
        const auto mask = ~llvm::sys::fs::getUmask();
        (void)llvm::sys::fs::setPermissions(path, static_cast<llvm::sys::fs::perms>(0777U & mask));
    }
}

}  // namespace

bool write_program(LoweredProgram& program,
                   const std::string& path,
                   const std::string& launcher,
                   Diagnostics& diagnostics) {
    const auto bytes = safeir::write_program(*program.module, program.image);
    if (!bytes) {
        diagnostics.error("safe IR has no form for a part of the program: " + bytes.error().text);
        return false;
    }
    // Aside and renamed: nobody finds half a program.
    auto problem = llvm::writeToOutput(path, [&](llvm::raw_ostream& stream) {
        if (!launcher.empty()) {
            stream << launcher_line(launcher);
        }
        stream.write(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        return llvm::Error::success();
    });
    if (problem) {
        diagnostics.error("can't write " + path + ": " + llvm::toString(std::move(problem)));
        return false;
    }
    if (!launcher.empty()) {
        let_execute(path);
    }
    return true;
}

bool write_for_test(LoweredProgram& program, const std::string& path, Diagnostics& diagnostics) {
    std::error_code problem;
    llvm::raw_fd_ostream stream(path, problem);
    if (problem) {
        diagnostics.error("can't write " + path + ": " + problem.message());
        return false;
    }
    const safeir::ProgramImage& image = program.image;
    stream << "; image " << image.memory_initial_bytes << ' ' << image.memory_max_bytes << ' ' << image.stack_bottom
           << ' ' << image.stack_top << '\n';
    for (const safeir::ProgramImage::CapTable& table : image.cap_tables) {
        stream << "; captable " << table.initial << ' ' << table.max << '\n';
    }
    for (const safeir::ProgramImage::Segment& segment : image.segments) {
        stream << "; segment " << segment.offset << ' ';
        for (const std::uint8_t byte : segment.bytes) {
            stream << llvm::hexdigit(byte >> 4U, true) << llvm::hexdigit(byte & 15U, true);
        }
        stream << '\n';
    }
    program.module->print(stream, nullptr);
    return true;
}

}  // namespace tessera::lower
