#include "core/trap/symbols.h"

#include "core/base/symbol_format.h"
#include "core/mem/layout.h"

namespace tessera::trap {

namespace {

std::uint64_t read_number(const unsigned char*& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const unsigned char byte = *at;
        at = at + 1;
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if ((byte & 0x80) == 0) {
            break;
        }
    }
    return value;
}

}  // namespace

Symbol find_symbol(std::uint64_t address, std::span<char> buffer) {
    // SAFETY: the image's own table, made by our tool; a length field guards against an image without one.
    const auto* header = reinterpret_cast<const SymbolHeader*>(mem::nucleus_symbols);
    const auto text_start = reinterpret_cast<std::uint64_t>(mem::nucleus_text_start);
    const auto text_end = reinterpret_cast<std::uint64_t>(mem::nucleus_text_end);
    if (header->magic != kSymbolMagic || address < text_start || address >= text_end ||
        buffer.size() < kSymbolNameMax) {
        return {};
    }
    const auto* blocks = reinterpret_cast<const SymbolBlock*>(header + 1);
    std::uint32_t low = 0;
    std::uint32_t high = header->blocks;
    while (high - low > 1) {
        const std::uint32_t middle = low + (high - low) / 2;
        (blocks[middle].address <= address ? low : high) = middle;
    }
    if (header->blocks == 0 || blocks[low].address > address) {
        return {};
    }
    const auto* at = reinterpret_cast<const unsigned char*>(mem::nucleus_symbols) + blocks[low].offset;
    std::uint64_t here = blocks[low].address;
    std::size_t length = 0;
    for (std::uint32_t i = 0; i < kSymbolBlockSize && low * kSymbolBlockSize + i < header->functions; ++i) {
        const std::uint64_t next = here + read_number(at);
        if (next > address) {
            break;
        }
        here = next;
        const std::uint64_t shared = read_number(at);
        const std::uint64_t added = read_number(at);
        for (std::uint64_t k = 0; k < added && shared + k < buffer.size(); ++k) {
            buffer[shared + k] = static_cast<char>(at[k]);
        }
        at += added;
        length = shared + added;
    }
    return {{buffer.data(), length < buffer.size() ? length : buffer.size()}, address - here};
}

}  // namespace tessera::trap
