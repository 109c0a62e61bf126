#include "test/hostile/wire_text.h"

#include "safeir/prove/byte_writer.h"
#include "safeir/wire/format.h"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>

namespace tessera::hostile {
namespace {

using namespace safeir::wire;

const std::map<std::string_view, unsigned, std::less<>> kNames = {
    {"void", kVoid},
    {"i1", kI1},
    {"i8", kI8},
    {"i16", kI16},
    {"i32", kI32},
    {"i64", kI64},
    {"i128", kI128},
    {"f32", kF32},
    {"f64", kF64},
    {"cap", kCap},
    {"slice_ro", kSliceRo},
    {"slice_rw", kSliceRw},
    {"vector", kVectorType},
    {"struct", kStructType},
    {"scalar", kScalar},
    {"splat", kSplat},
    {"elements", kElements},
    {"add", kAdd},
    {"sub", kSub},
    {"mul", kMul},
    {"and", kAnd},
    {"or", kOr},
    {"xor", kXor},
    {"shl", kShl},
    {"lshr", kLShr},
    {"ashr", kAShr},
    {"udiv", kUDiv},
    {"sdiv", kSDiv},
    {"urem", kURem},
    {"srem", kSRem},
    {"fadd", kFAdd},
    {"fneg", kFNeg},
    {"freeze", kFreeze},
    {"icmp", kICmp},
    {"fcmp", kFCmp},
    {"select", kSelect},
    {"phi", kPhi},
    {"trunc", kTrunc},
    {"zext", kZExt},
    {"sext", kSExt},
    {"fptosi", kFPToSI},
    {"bitcast", kBitcast},
    {"extract_element", kExtractElement},
    {"insert_element", kInsertElement},
    {"shuffle", kShuffle},
    {"extract_value", kExtractValue},
    {"make_struct", kMakeStruct},
    {"load_arena", kLoadArena},
    {"store_arena", kStoreArena},
    {"alloca", kAlloca},
    {"load_frame", kLoadFrame},
    {"store_frame", kStoreFrame},
    {"load_table", kLoadTable},
    {"load_slice", kLoadSlice},
    {"store_slice", kStoreSlice},
    {"subslice", kSubslice},
    {"atomic_load", kAtomicLoad},
    {"atomic_store", kAtomicStore},
    {"atomic_rmw", kAtomicRmw},
    {"cmpxchg", kCmpXchg},
    {"fence", kFence},
    {"call", kCall},
    {"call_import", kCallImport},
    {"call_helper", kCallHelper},
    {"call_intrinsic", kCallIntrinsic},
    {"call_table", kCallTable},
    {"location", kLocation},
    {"above", kAbove},
    {"ret_void", kRetVoid},
    {"ret", kRet},
    {"br", kBr},
    {"cond_br", kCondBr},
    {"switch", kSwitch},
    {"trap", kTrap},
    {"monotonic", kMonotonic},
    {"acquire", kAcquire},
    {"release", kRelease},
    {"seq_cst", kSeqCst},
};

class TextReader {
  public:
    explicit TextReader(std::string_view text) : text_(text) {}

    Result<std::vector<std::byte>> read() {
        std::vector<std::byte> content = read_until("");
        if (!error_.empty()) {
            return fail(Blame::Caller, error_);
        }
        if (!has_header_) {
            return content;
        }
        safeir::ByteWriter file;
        for (const std::uint8_t byte : kMagic) {
            file.byte(byte);
        }
        file.fixed(version_);
        file.fixed(std::uint64_t{kHeaderBytes} + content.size() + size_change_);
        file.bytes(content);
        return file.data();
    }

  private:
    void skip_space() {
        while (at_ < text_.size()) {
            if (text_[at_] == ';') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (text_[at_] == ' ' || text_[at_] == '\n') {
                ++at_;
            } else {
                return;
            }
        }
    }

    std::string_view word() {
        skip_space();
        const std::size_t begin = at_;
        if (at_ < text_.size() && text_[at_] == '"') {
            at_ = std::min(text_.find('"', at_ + 1), text_.size() - 1) + 1;
        } else {
            at_ = std::min(text_.find_first_of(" \n;", at_), text_.size());
        }
        return text_.substr(begin, at_ - begin);
    }

    std::optional<std::uint64_t> number(std::string_view word) {
        const bool is_hex = word.starts_with("0x");
        const std::string_view digits = is_hex ? word.substr(2) : word;
        std::uint64_t value = 0;
        const auto [end, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
        return problem == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
    }

    std::uint64_t needed_number(std::string_view word) {
        const bool minus = word.starts_with("-");
        const auto value = number(minus ? word.substr(1) : word);
        if (!value) {
            error_ = fmt::format("wire text: '{}' is no number", word);
        }
        return minus ? -value.value_or(0) : value.value_or(0);
    }

    std::vector<std::byte> read_until(std::string_view end) {
        safeir::ByteWriter out;
        while (error_.empty()) {
            const std::string_view next = word();
            if (next == end) {
                break;
            }
            if (next.empty()) {
                error_ = "wire text: a bracket is not closed";
            } else if (next.starts_with("header")) {
                read_header(next);
            } else if (next == "{") {
                const auto inside = read_until("}");
                out.varint(inside.size());
                out.bytes(inside);
            } else if (next.starts_with("*")) {
                const std::uint64_t times = needed_number(next.substr(1));
                if (word() != "(") {
                    error_ = "wire text: '(' follows a repetition";
                }
                const auto inside = read_until(")");
                for (std::uint64_t i = 0; i < times; ++i) {
                    out.bytes(inside);
                }
            } else {
                put(next, out);
            }
        }
        return out.data();
    }

    void read_header(std::string_view header) {
        has_header_ = true;
        if (const std::size_t colon = header.find(':'); colon != std::string_view::npos) {
            const std::size_t second = header.find(':', colon + 1);
            version_ = static_cast<std::uint32_t>(needed_number(header.substr(colon + 1, second - colon - 1)));
            size_change_ = second != std::string_view::npos ? needed_number(header.substr(second + 1)) : 0;
        }
    }

    void put(std::string_view next, safeir::ByteWriter& out) {
        if (next.starts_with("\"")) {
            out.text(next.substr(1, next.size() - 2));
        } else if (next.starts_with("$")) {
            unsigned value = 0;
            std::from_chars(next.data() + 1, next.data() + next.size(), value, 16);
            out.byte(static_cast<std::uint8_t>(value));
        } else if (next.starts_with("u32:")) {
            out.fixed(static_cast<std::uint32_t>(needed_number(next.substr(4))));
        } else if (next.starts_with("u64:")) {
            out.fixed(needed_number(next.substr(4)));
        } else if (const auto name = kNames.find(next); name != kNames.end()) {
            out.varint(name->second);
        } else {
            out.varint(needed_number(next));
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool has_header_ = false;
    std::uint32_t version_ = kVersion;
    std::uint64_t size_change_ = 0;
    std::string error_;
};

}  // namespace

Result<std::vector<std::byte>> wire_from_text(std::string_view text) { return TextReader(text).read(); }

}  // namespace tessera::hostile
