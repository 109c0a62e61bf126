// Names over a history: who had which ordinal under which name, so that neither is given away again.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace tessera::schemac {

class NamesHistory {
  public:
    struct Before {
        std::string name;   // or its label
        std::string label;  // of the version
        int ordinal = 0;
    };

    // The member had another name once, and was retired since: it can't come back as something else.
    [[nodiscard]] std::optional<Before> reused_ordinal(int ordinal, const std::string& name) const;
    // The name was another member's once.
    [[nodiscard]] std::optional<Before> reused_name(int ordinal, const std::string& name) const;
    [[nodiscard]] bool knows(int ordinal) const { return members_.contains(ordinal); }
    void note(int ordinal, const std::string& name, const std::string& label);

  private:
    struct Member {
        std::optional<Before> used{};  // the last name that was not a retired one
        bool retired = false;          // since then
    };
    std::map<int, Member> members_;
    std::map<std::string, Before> names_;  // the first to have it
};

}  // namespace tessera::schemac
