#include "caps/schemac/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace tessera::schemac {

std::string fill(std::string_view pattern, Words words) {
    std::string text;
    for (;;) {
        const auto begin = pattern.find('$');
        text += pattern.substr(0, begin);
        if (begin == std::string_view::npos) {
            return text;
        }
        const auto end = pattern.find('$', begin + 1);
        const std::string_view name = pattern.substr(begin + 1, end - begin - 1);
        const auto word = std::ranges::find(words, name, &std::pair<std::string_view, std::string>::first);
        if (end == std::string_view::npos || word == words.end()) {
            throw std::logic_error(fmt::format("no word for \"{}\" in \"{}\"", name, pattern));
        }
        text += word->second;
        pattern.remove_prefix(end + 1);
    }
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : std::string(between)) + part;
    }
    return text;
}

std::string comment(std::string_view doc, std::string_view mark) {
    std::string text;
    while (!doc.empty()) {
        const auto end = doc.find('\n');
        const std::string_view line = doc.substr(0, end);
        // A backslash at the end of a line would go on with the comment on the next.
        text += fmt::format("{} {}{}\n", mark, line, line.ends_with('\\') ? "." : "");
        doc.remove_prefix(end == std::string_view::npos ? doc.size() : end + 1);
    }
    return text;
}

std::string hex_id(unsigned long long id) { return fmt::format("{:016x}", id); }

}  // namespace tessera::schemac
