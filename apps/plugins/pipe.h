// What a WASI program takes for its terminal: a text to read, and room for what it writes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tessera/status.tessera.hpp>
#include <tessera/stream.tessera.hpp>

// What went in and came out; outlives the program.
struct PipeText {
    std::string input{};
    std::string output{};
};

class Pipe final : public tessera::Console::Server {
  public:
    explicit Pipe(PipeText& text) : text_(text) {}

    tessera::Result<void> read(std::uint32_t count, std::uint64_t, tessera::Output& data) override {
        if (at_ == text_.input.size()) {
            return tessera::Error{static_cast<std::int32_t>(tessera::Status::EndOfStream)};
        }
        const std::size_t length = std::min<std::size_t>(count, text_.input.size() - at_);
        data.write(std::string_view(text_.input).substr(at_, length));
        at_ += length;
        return {};
    }

    tessera::Result<std::uint64_t> write(std::span<const std::byte> data, std::uint64_t) override {
        if (text_.output.size() + data.size() > kMost) {
            return tessera::Error{static_cast<std::int32_t>(tessera::Status::NoSpace)};
        }
        text_.output.append(reinterpret_cast<const char*>(data.data()), data.size());
        return std::uint64_t{data.size()};
    }

    tessera::Result<void> finish() override { return {}; }

  private:
    static constexpr std::size_t kMost = 4096;

    PipeText& text_;
    std::size_t at_ = 0;
};
