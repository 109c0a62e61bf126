#include "caps/schemac/emit_cpp_parts.h"

#include "caps/schemac/scope.h"

#include <array>

namespace tessera::schemac {

std::string cpp_scalar(const Schema& schema, const Type& type) {
    constexpr std::array<const char*, 12> kNames{"void",
                                                 "bool",
                                                 "std::int8_t",
                                                 "std::int16_t",
                                                 "std::int32_t",
                                                 "std::int64_t",
                                                 "std::uint8_t",
                                                 "std::uint16_t",
                                                 "std::uint32_t",
                                                 "std::uint64_t",
                                                 "float",
                                                 "double"};
    return type.kind == Kind::Enum ? cpp_path(schema, schema.at(type.id))
                                   : kNames.at(static_cast<std::size_t>(type.kind));
}

}  // namespace tessera::schemac
