// The flat description of an interface: numbers shared by its writer (caps/schemac) and its reader (caps/description).
// docs/notes/schema.md describes the layout.
#pragma once

#include <cstdint>

namespace tessera::caps::form {

inline constexpr std::uint8_t kMagic[4] = {'T', 'I', 'F', 1};  // the last is the version

inline constexpr unsigned kSupersMax = 32;
inline constexpr unsigned kMethodsMax = 1024;
inline constexpr unsigned kFieldsMax = 32;     // of the parameters, and of the results, of a method
inline constexpr unsigned kDataWordsMax = 32;  // of the struct that holds either
inline constexpr unsigned kPointersMax = 32;
inline constexpr unsigned kNameBytesMax = 64;

enum InterfaceFlag : std::uint8_t { kClosed = 1 };
enum MethodFlag : std::uint8_t { kStrict = 1 };
enum FieldFlag : std::uint8_t { kHasDefault = 1 };

enum FieldKind : std::uint8_t {
    kBool,
    kInt8,
    kInt16,
    kInt32,
    kInt64,
    kUInt8,
    kUInt16,
    kUInt32,
    kUInt64,
    kFloat32,
    kFloat64,
    kEnum,  // its id follows
    kText,
    kData,
    kList,    // the kind of its elements follows, and their id if they have one
    kStruct,  // its id follows
    kAny,
    kInterface,   // its id follows
    kCapability,  // of any interface
    kVoid,        // as the element of a list alone
};
inline constexpr unsigned kFieldKinds = kVoid + 1;

}  // namespace tessera::caps::form
