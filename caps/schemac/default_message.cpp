#include "caps/schemac/default_message.h"

namespace tessera::schemac {

std::vector<std::uint8_t> default_message(const Field& field) {
    std::vector<std::uint8_t> message;
    const bool text = field.type.kind == Kind::Text;
    if (text || field.type.kind == Kind::Data) {
        // A list of bytes at once behind its pointer.
        const std::uint64_t count = field.default_bytes.size() + (text ? 1 : 0);
        const std::uint64_t pointer = 1U | std::uint64_t{2} << 32U | count << 35U;
        for (unsigned i = 0; i < 8; ++i) {
            message.push_back(static_cast<std::uint8_t>(pointer >> (8 * i)));
        }
    }
    for (const std::byte byte : field.default_bytes) {
        message.push_back(static_cast<std::uint8_t>(byte));
    }
    if (text) {
        message.push_back(0);
    }
    message.resize((message.size() + 7) / 8 * 8);
    return message;
}

}  // namespace tessera::schemac
