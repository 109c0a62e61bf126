// Lines of declarations in a schema's source, which a request does not have.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tessera::schemac {

// By path, "Outer.Inner.member", with the names of groups and unions in it: the line of the declaration, from 1.
[[nodiscard]] std::map<std::string, unsigned> lines_of(std::string_view source);

}  // namespace tessera::schemac
