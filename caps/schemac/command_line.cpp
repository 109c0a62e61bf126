#include "caps/schemac/command_line.h"

#include <algorithm>

namespace tessera::schemac {

CommandLine::CommandLine(const std::vector<std::string>& words,
                         const std::vector<std::string_view>& flags,
                         const std::vector<std::string_view>& options) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word.size() < 2 || word.front() != '-') {
            rest_.push_back(word);
            continue;
        }
        if (std::ranges::find(flags, word) != flags.end()) {
            values_[word];
            continue;
        }
        const auto option =
            std::ranges::find_if(options, [&](std::string_view name) { return word.starts_with(name); });
        if (option == options.end()) {
            throw UsageError("there is no option " + word + "; --help lists them");
        }
        if (word.size() > option->size()) {
            values_[std::string(*option)].push_back(word.substr(option->size()));
        } else if (++i < words.size()) {
            values_[word].push_back(words[i]);
        } else {
            throw UsageError(word + " wants a word behind it");
        }
    }
}

std::vector<std::string> CommandLine::values(std::string_view option) const {
    const auto found = values_.find(std::string(option));
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace tessera::schemac
