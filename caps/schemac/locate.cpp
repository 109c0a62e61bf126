#include "caps/schemac/locate.h"

#include <cctype>
#include <vector>

namespace tessera::schemac {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Words, and single characters for the rest; comments and strings are left out.
class Scanner {
  public:
    explicit Scanner(std::string_view source) : rest_(source) {}

    std::string_view next() {
        skip();
        if (rest_.empty()) {
            return {};
        }
        std::size_t length = 1;
        if (is_word(rest_.front())) {
            while (length < rest_.size() && is_word(rest_[length])) {
                ++length;
            }
        }
        return take(length);
    }
    [[nodiscard]] unsigned line() const { return line_; }

  private:
    std::string_view take(std::size_t length) {
        const std::string_view taken = rest_.substr(0, length);
        for (const char c : taken) {
            line_ += c == '\n' ? 1 : 0;
        }
        rest_.remove_prefix(length);
        return taken;
    }
    void skip() {
        while (!rest_.empty()) {
            if (std::isspace(static_cast<unsigned char>(rest_.front())) != 0) {
                take(1);
            } else if (rest_.front() == '#') {
                take(std::min(rest_.find('\n'), rest_.size()));
            } else if (rest_.front() == '"') {
                std::size_t end = 1;
                while (end < rest_.size() && rest_[end] != '"') {
                    end += rest_[end] == '\\' ? 2 : 1;
                }
                take(std::min(end + 1, rest_.size()));
            } else {
                return;
            }
        }
    }

    std::string_view rest_;
    unsigned line_ = 1;
};

std::string joined(const std::vector<std::string>& scopes, std::string_view name) {
    std::string path;
    for (const std::string& scope : scopes) {
        path += scope.empty() ? "" : scope + ".";
    }
    return path + std::string(name);
}

}  // namespace

std::map<std::string, unsigned> lines_of(std::string_view source) {
    std::map<std::string, unsigned> lines;
    std::vector<std::string> scopes;
    Scanner scanner(source);
    std::string name;  // what the statement declares: its first word, or the second behind `struct` and the like
    bool keyword = false;
    unsigned parentheses = 0;
    unsigned line = 0;
    for (std::string_view word = scanner.next(); !word.empty(); word = scanner.next()) {
        if (word == "(" || word == "[") {
            ++parentheses;
        } else if (word == ")" || word == "]") {
            parentheses -= parentheses > 0 ? 1 : 0;
        } else if (parentheses > 0) {
            continue;
        } else if (word == "{") {
            if (!name.empty()) {
                lines.try_emplace(joined(scopes, name), line);
            }
            scopes.push_back(name);
        } else if (word == "}" || word == ";") {
            if (word == ";" && !name.empty()) {
                lines.try_emplace(joined(scopes, name), line);
            } else if (word == "}" && !scopes.empty()) {
                scopes.pop_back();
            }
        } else if (name.empty() && is_word(word.front())) {
            keyword =
                word == "struct" || word == "enum" || word == "interface" || word == "const" || word == "annotation";
            if (!keyword) {
                name = word == "union" ? "" : std::string(word);
                line = scanner.line();
            }
            continue;
        }
        if (word == "{" || word == "}" || word == ";") {
            name.clear();
        }
    }
    return lines;
}

}  // namespace tessera::schemac
