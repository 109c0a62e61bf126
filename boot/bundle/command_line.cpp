#include "boot/bundle/command_line.h"

#include <utility>

namespace tessera::bundle {

std::vector<std::string> split_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool inside = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\' && i + 1 < line.size() && quote != '\'') {
            word += line[++i];
            inside = true;
        } else if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                word += c;
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
            inside = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (inside) {
                words.push_back(std::move(word));
                word.clear();
            }
            inside = false;
        } else {
            word += c;
            inside = true;
        }
    }
    if (inside) {
        words.push_back(std::move(word));
    }
    return words;
}

std::string kernel_word(std::string_view word) {
    std::string text = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text + '"';
}

}  // namespace tessera::bundle
