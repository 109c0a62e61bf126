#include "boot/tool/commands/suite_options.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <string_view>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kListDepthMax = 8;
constexpr unsigned kJobsMax = 1024;
constexpr std::string_view kSourceEndings[] = {".c", ".cc", ".cpp", ".cxx"};
// The compiler's options whose value is a word of its own.
constexpr std::string_view kWithValue[] = {
    "-D", "-U", "-I", "-L", "-l", "-x", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-Xclang"};

template <typename List>
bool one_of(std::string_view word, const List& list) {
    return std::ranges::find(list, word) != std::end(list);
}

class Parser {
  public:
    Result<SuiteOptions> parse(const std::vector<std::string>& words) {
        TRY_VOID(take(words, 0));
        return std::move(options_);
    }

  private:
    Result<void> take(const std::vector<std::string>& words, unsigned depth) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::string& word = words[i];
            if (word == "--suite") {
                continue;
            }
            if (word.starts_with('@') && word.size() > 1) {
                TRY_VOID(take_list(word.substr(1), depth));
            } else if (!word.starts_with('-')) {
                TRY_VOID(take_file(word));
            } else if (word == "-j" || word == "--jobs" || word == "--timeout" || word == "--json") {
                if (++i == words.size()) {
                    return fail(Blame::Caller, fmt::format("nothing follows {}", word));
                }
                TRY_VOID(take_own(word, words[i]));
            } else if (word.starts_with("-j") || word.starts_with("--timeout=") || word.starts_with("--json=")) {
                const std::size_t end = word.starts_with("-j") ? 2 : word.find('=') + 1;
                TRY_VOID(take_own(word.substr(0, word.starts_with("-j") ? 2 : end - 1), word.substr(end)));
            } else {
                options_.compiler.push_back(word);
                if (one_of(word, kWithValue) && i + 1 < words.size()) {
                    options_.compiler.push_back(words[++i]);
                }
            }
        }
        return {};
    }

    Result<void> take_own(std::string_view option, const std::string& value) {
        if (option == "--json") {
            options_.json = value;
        } else if (option == "--timeout") {
            // A bare number is seconds, as other test drivers take it.
            const bool bare = !value.empty() && value.find_first_not_of("0123456789.") == std::string::npos;
            const auto time = parse_duration(bare ? value + " s" : value);
            if (!time) {
                return fail(Blame::Caller,
                            fmt::format("--timeout: expected a time such as \"10 s\", found \"{}\"", value));
            }
            options_.timeout = *time;
        } else {
            const auto read = std::from_chars(value.data(), value.data() + value.size(), options_.jobs);
            if (read.ec != std::errc{} || read.ptr != value.data() + value.size() || options_.jobs < 1 ||
                options_.jobs > kJobsMax) {
                return fail(Blame::Caller,
                            fmt::format("-j: expected a number from 1 to {}, found \"{}\"", kJobsMax, value));
            }
        }
        return {};
    }

    Result<void> take_list(const std::string& file, unsigned depth) {
        if (depth == kListDepthMax) {
            return fail(Blame::Caller, fmt::format("@{}: lists in lists, more than {} deep", file, kListDepthMax));
        }
        TRY_TO(const std::string text, read_file(file));
        std::istringstream stream(text);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(std::move(word));
        }
        return take(words, depth + 1);
    }

    Result<void> take_file(const std::string& word) {
        std::error_code failure;
        if (!fs::is_directory(word, failure)) {
            options_.files.emplace_back(word);
            return {};
        }
        std::vector<fs::path> found;
        for (fs::recursive_directory_iterator at(word, failure), end; !failure && at != end; at.increment(failure)) {
            if (at->is_regular_file() && one_of(at->path().extension().string(), kSourceEndings)) {
                found.push_back(at->path());
            }
        }
        if (failure) {
            return fail(Blame::Caller, fmt::format("cannot read the folder {}: {}", word, failure.message()));
        }
        std::ranges::sort(found);
        options_.files.insert(options_.files.end(), found.begin(), found.end());
        return {};
    }

    SuiteOptions options_;
};

}  // namespace

Result<SuiteOptions> parse_suite_words(const std::vector<std::string>& words) { return Parser().parse(words); }

}  // namespace tessera::tool
