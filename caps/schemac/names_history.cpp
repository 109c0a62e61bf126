#include "caps/schemac/names_history.h"

#include "caps/schemac/facts.h"

namespace tessera::schemac {

std::optional<NamesHistory::Before> NamesHistory::reused_ordinal(int ordinal, const std::string& name) const {
    const auto member = members_.find(ordinal);
    if (member == members_.end() || !member->second.retired || is_retired(name)) {
        return std::nullopt;
    }
    if (!member->second.used) {
        return Before{"a retired name", "its first version", ordinal};
    }
    return member->second.used->name == name ? std::nullopt : member->second.used;
}

std::optional<NamesHistory::Before> NamesHistory::reused_name(int ordinal, const std::string& name) const {
    const auto before = names_.find(name);
    if (before == names_.end() || before->second.ordinal == ordinal || is_retired(name)) {
        return std::nullopt;
    }
    return before->second;
}

void NamesHistory::note(int ordinal, const std::string& name, const std::string& label) {
    Member& member = members_[ordinal];
    member.retired = is_retired(name);
    if (!member.retired) {
        member.used = Before{name, label, ordinal};
    }
    names_.try_emplace(name, Before{name, label, ordinal});
}

}  // namespace tessera::schemac
