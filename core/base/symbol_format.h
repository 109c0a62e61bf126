// The symbol table in the image: header, block index, blocks of names. Shared with the host tool that writes it.
// Functions are sorted by address, in blocks of kBlockSize. A block is, for each function: address minus the previous
// one's (LEB128, the first: 0), bytes shared with the previous name, bytes that follow, the bytes.
#pragma once

#include <cstdint>

namespace tessera {

inline constexpr std::uint32_t kSymbolMagic = 0x4d595354;  // "TSYM"
inline constexpr std::uint32_t kSymbolBlockSize = 32;
inline constexpr std::uint32_t kSymbolNameMax = 120;

struct SymbolHeader {
    std::uint32_t magic;
    std::uint32_t bytes;  // all of the table
    std::uint32_t blocks;
    std::uint32_t functions;
};
struct SymbolBlock {
    std::uint32_t address;  // of its first function
    std::uint32_t offset;   // from the header's start
};
static_assert(sizeof(SymbolHeader) == 16 && sizeof(SymbolBlock) == 8);

}  // namespace tessera
