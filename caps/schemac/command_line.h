// The words of a command: options that it knows, and the rest in order.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::schemac {

// What the user did wrong, in a sentence: the exit status is 2.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class CommandLine {
  public:
    // `flags` stand alone ("--json"), `options` take a word ("-I"); both may come anywhere. Throws UsageError for
    // others.
    CommandLine(const std::vector<std::string>& words,
                const std::vector<std::string_view>& flags,
                const std::vector<std::string_view>& options);

    [[nodiscard]] bool has(std::string_view flag) const { return values_.contains(std::string(flag)); }
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
    [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }

  private:
    std::map<std::string, std::vector<std::string>> values_;
    std::vector<std::string> rest_;
};

}  // namespace tessera::schemac
