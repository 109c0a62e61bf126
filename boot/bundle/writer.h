// Making a bundle, for the image builder and for tests.
#pragma once

#include "boot/bundle/manifest.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tessera::bundle {

class Writer {
  public:
    // Adds a program with its .sir and its generated code, and fills in `file` and `caches`.
    void add_program(Program program, std::vector<std::byte> sir, std::vector<std::vector<std::byte>> caches);
    // A program that is not started: `modules/NAME`, with its code beside.
    void add_module(const std::string& name, std::vector<std::byte> sir, std::vector<std::vector<std::byte>> codes);
    // A further file; for a directory grant, `prefix/relative/path`.
    void add_file(std::string name, std::vector<std::byte> bytes);

    // The bundle; an error if a name is given twice or is not allowed.
    [[nodiscard]] Result<std::vector<std::byte>> finish() const;

  private:
    Manifest manifest_;
    std::map<std::string, std::vector<std::byte>> files_;
    std::string duplicate_;
};

}  // namespace tessera::bundle
