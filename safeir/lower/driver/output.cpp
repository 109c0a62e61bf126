#include "safeir/lower/driver/output.h"

#include "safeir/write/write_program.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace tessera::lower {

bool write_program(LoweredProgram& program, const std::string& path, Diagnostics& diagnostics) {
    const auto bytes = safeir::write_program(*program.module, program.image);
    if (!bytes) {
        diagnostics.error("safe IR has no form for a part of the program: " + bytes.error().text);
        return false;
    }
    std::error_code problem;
    llvm::raw_fd_ostream stream(path, problem);
    if (problem) {
        diagnostics.error("can't write " + path + ": " + problem.message());
        return false;
    }
    stream.write(reinterpret_cast<const char*>(bytes->data()), bytes->size());
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
