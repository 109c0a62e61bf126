#include "caps/schemac/check.h"

#include "caps/schemac/facts.h"
#include "caps/schemac/locate.h"
#include "caps/schemac/names_history.h"
#include "caps/schemac/text.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace tessera::schemac {
namespace {

constexpr const char* kOldMessages = "old messages would be read wrongly";
constexpr const char* kOldPrograms = "programs built against the earlier version would break";

std::string dotted(const std::vector<std::string>& names) { return joined(names, "."); }

const char* word(Strictness strictness) { return strictness == Strictness::Strict ? "strict" : "flexible"; }

// Where a version declares something.
class Places {
  public:
    // `member`: "" for the node itself.
    std::string of(const Version& version, const Node& node, const std::string& member) {
        const Node* file = version.schema.file_of(node);
        if (file == nullptr) {
            return version.label;
        }
        const std::string path = dotted(version.schema.names_of(node));
        // A request has paths from the root without their first character.
        const std::string name = std::filesystem::exists(file->path) ? file->path : "/" + file->path;
        const auto& lines = of_file(name);
        for (const std::string& key : {member.empty() ? path : path + "." + member, path}) {
            if (const auto line = lines.find(key); line != lines.end()) {
                return fmt::format("{}:{}", name, line->second);
            }
        }
        return name;
    }

  private:
    const std::map<std::string, unsigned>& of_file(const std::string& path) {
        const auto [found, fresh] = files_.try_emplace(path);
        if (fresh) {
            std::ifstream file(path, std::ios::binary);
            found->second = lines_of(std::string(std::istreambuf_iterator<char>(file), {}));
        }
        return found->second;
    }
    std::map<std::string, std::map<std::string, unsigned>> files_;
};

// A declaration and the version that has it.
struct Seen {
    const Version* version = nullptr;
    const Node* node = nullptr;
};

class Checker {
  public:
    std::vector<Finding> run(const std::vector<Version>& versions) {
        for (const Version& version : versions) {
            const auto declared = declared_in(version.schema);
            for (const auto& [id, node] : declared) {
                check_identity({&version, node});
                if (const auto before = seen_.find(id); before != seen_.end()) {
                    compare(before->second, {&version, node});
                }
            }
            for (const auto& [id, before] : seen_) {
                if (!declared.contains(id) && gone_.insert(id).second) {
                    report(place(before, ""),
                           fmt::format("{} is gone in {}", name_of(before), version.label),
                           kOldPrograms,
                           "leave it, and mark it as obsolete in its comment");
                }
            }
            for (const auto& [id, node] : declared) {
                seen_[id] = {&version, node};
                ids_.try_emplace(name_of(seen_[id]), id);
                gone_.erase(id);
            }
        }
        return std::move(findings_);
    }

  private:
    static std::string name_of(const Seen& seen) { return dotted(seen.version->schema.names_of(*seen.node)); }
    std::string place(const Seen& seen, const std::string& member) {
        return places_.of(*seen.version, *seen.node, member);
    }

    void report(std::string place, std::string what, std::string cause, std::string remedy, bool breaking = true) {
        findings_.push_back({std::move(place), std::move(what), std::move(cause), std::move(remedy), breaking});
    }

    void check_identity(const Seen& now) {
        const auto known = ids_.find(name_of(now));
        if (known == ids_.end() || known->second == now.node->id) {
            return;
        }
        report(
            place(now, ""),
            fmt::format("{} has the id @0x{} and had @0x{}", name_of(now), hex_id(now.node->id), hex_id(known->second)),
            "programs know it by its id and would not find it",
            fmt::format("write the old id behind its name: @0x{}", hex_id(known->second)));
    }

    void compare(const Seen& before, const Seen& now) {
        if (before.node->kind != now.node->kind) {
            report(place(now, ""),
                   fmt::format("the id @0x{} was {}'s in {} and is of another kind of thing now",
                               hex_id(now.node->id),
                               name_of(before),
                               before.version->label),
                   kOldPrograms,
                   "give the new one an id of its own (`capnp id`)");
            return;
        }
        if (name_of(before) != name_of(now)) {
            report(place(now, ""),
                   fmt::format("{} was called {} in {}", name_of(now), name_of(before), before.version->label),
                   "logs, policies and sources have the old name",
                   "nothing, if that is meant: its id is the same",
                   false);
        }
        switch (now.node->kind) {
        case NodeKind::Enum:
            compare_enums(before, now);
            break;
        case NodeKind::Struct:
            compare_structs(before,
                            now,
                            facts_of(before.version->schema, *before.node),
                            facts_of(now.version->schema, *now.node),
                            "",
                            hex_id(now.node->id));
            break;
        default:
            compare_interfaces(before, now);
            break;
        }
    }

    // Members of one thing over the whole history: fields, values or methods.
    void compare_names(const Seen& now,
                       const std::string& of,
                       int ordinal,
                       const std::string& name,
                       const std::string& had,
                       const Seen& before) {
        NamesHistory& history = names_[of];
        if (!had.empty() && !history.knows(ordinal)) {
            history.note(ordinal, had, before.version->label);
        }
        const std::string whole = fmt::format("{}.{} (@{})", name_of(now), name, ordinal);
        if (const auto reused = history.reused_ordinal(ordinal, name)) {
            report(place(now, name),
                   fmt::format("{} takes the ordinal that was {}'s in {} and has been retired since",
                               whole,
                               reused->name,
                               reused->label),
                   "programs of that version would take it for that",
                   "leave the retired one, and add the new one with the next ordinal");
        } else if (!had.empty() && had != name) {
            report(place(now, name),
                   fmt::format("{} was called {} before", whole, had),
                   "text, JSON, logs and sources have the old name",
                   "nothing, if its meaning is the same",
                   false);
        }
        if (const auto reused = history.reused_name(ordinal, name)) {
            report(place(now, name),
                   fmt::format("{} has a name that @{} had in {}", whole, reused->ordinal, reused->label),
                   "text and JSON of that version would mean the other one",
                   "choose another name");
        }
        history.note(ordinal, name, now.version->label);
    }

    void
    compare_strictness(const Seen& before, const Seen& now, Strictness was, Strictness is, const std::string& what) {
        if (was != is) {
            report(place(now, ""),
                   fmt::format("{} is {} and was {} in {}", what, word(is), word(was), before.version->label),
                   "what a program does on meeting something new was decided when it was built",
                   fmt::format("leave it {}", word(was)));
        }
    }

    void compare_enums(const Seen& before, const Seen& now) {
        compare_strictness(before, now, before.node->strictness, now.node->strictness, name_of(now));
        const auto& old_values = before.node->enumerants;
        const auto& new_values = now.node->enumerants;
        for (std::size_t i = 0; i < std::max(old_values.size(), new_values.size()); ++i) {
            if (i >= new_values.size()) {
                report(
                    place(before, old_values[i].name),
                    fmt::format("{}.{} (@{}) is gone in {}", name_of(now), old_values[i].name, i, now.version->label),
                    "its number would be free for another meaning",
                    "leave it, or rename it to obsolete...");
                continue;
            }
            if (i >= old_values.size() && before.node->strictness == Strictness::Strict) {
                report(place(now, new_values[i].name),
                       fmt::format("{}.{} (@{}) is added to a strict enum", name_of(now), new_values[i].name, i),
                       "older programs refuse messages with it",
                       "make a new enum, and a new field or method for it");
            }
            compare_names(now,
                          hex_id(now.node->id),
                          static_cast<int>(i),
                          new_values[i].name,
                          i < old_values.size() ? old_values[i].name : "",
                          before);
        }
    }

    // `method`: of a method's parameters or results its name and a dot, else "". The line is the method's then.
    std::string member_place(const Seen& seen, const std::string& method, const std::string& field) {
        return place(seen, method.empty() ? field : method.substr(0, method.find('.')));
    }

    // `method`: as above. `of`: what the names belong to.
    void compare_structs(const Seen& before,
                         const Seen& now,
                         const StructFact& was,
                         const StructFact& is,
                         const std::string& method,
                         const std::string& of) {
        for (const auto& [ordinal, field] : was.fields) {
            if (!is.fields.contains(ordinal)) {
                report(
                    member_place(before, method, field.name),
                    fmt::format(
                        "{}.{}{} (@{}) is gone in {}", name_of(now), method, field.name, ordinal, now.version->label),
                    "its ordinal would be free for another meaning",
                    "leave it, or rename it to obsolete...");
            }
        }
        for (const auto& [ordinal, field] : is.fields) {
            const auto old = was.fields.find(ordinal);
            compare_names(now,
                          of,
                          ordinal,
                          method + field.name,
                          old == was.fields.end() ? "" : method + old->second.name,
                          before);
        }
        const std::size_t before_places = findings_.size();
        for (const auto& [ordinal, field] : is.fields) {
            if (const auto old = was.fields.find(ordinal); old != was.fields.end()) {
                compare_fields(before, now, old->second, field, method);
            }
        }
        // If places have changed, so have those of unions' tags, and nothing more can be said of these.
        if (findings_.size() == before_places) {
            compare_unions(before, now, was, is, method);
        }
    }

    void compare_unions(
        const Seen& before, const Seen& now, const StructFact& was, const StructFact& is, const std::string& method) {
        for (const auto& [ordinal, field] : is.fields) {
            const auto old = was.fields.find(ordinal);
            const std::string moved = old == was.fields.end() ? "" : moved_between_unions(was, old->second, field);
            if (!moved.empty()) {
                report(member_place(now, method, field.name),
                       fmt::format("{}.{}{} (@{}) {}", name_of(now), method, field.name, ordinal, moved),
                       "what tells the members of a union apart would not fit",
                       "leave it where it was, and add a field with the next ordinal");
            }
        }
        for (const auto& [tag, fact] : is.unions) {
            const auto old = was.unions.find(tag);
            if (old == was.unions.end()) {
                continue;
            }
            const std::string what =
                fmt::format("the union {}{}{}", name_of(now), fact.name.empty() ? "" : ".", fact.name);
            compare_strictness(before, now, old->second.strictness, fact.strictness, what);
            if (fact.strictness == Strictness::Strict && fact.members > old->second.members) {
                report(place(now, fact.name),
                       what + " is strict and has a new member",
                       "older programs refuse messages with it",
                       "put the new one into a field of its own");
            }
        }
    }

    void compare_fields(
        const Seen& before, const Seen& now, const FieldFact& old, const FieldFact& field, const std::string& method) {
        const std::string what = fmt::format("{}.{}{} (@{})", name_of(now), method, field.name, field.ordinal);
        const std::string where = member_place(now, method, field.name);
        const char* remedy = "leave it as it was, and add a field with the next ordinal";
        if (!is_compatible(before, now, old.type, field.type)) {
            report(where,
                   fmt::format("{} is {} and was {} in {}",
                               what,
                               written(now.version->schema, field.type),
                               written(before.version->schema, old.type),
                               before.version->label),
                   kOldMessages,
                   remedy);
        } else if (old.offset != field.offset) {
            report(where,
                   what + " lies in another place of its struct",
                   kOldMessages,
                   "restore the ordinals and the types of the fields before it");
        }
        if (old.default_bits != field.default_bits || old.default_bytes != field.default_bytes) {
            report(where,
                   fmt::format("{} has another default than in {}", what, before.version->label),
                   kOldMessages,
                   remedy);
        }
    }

    // A field may come into a union that is new, as the member with the tag 0, and else stays where it is.
    static std::string moved_between_unions(const StructFact& was, const FieldFact& old, const FieldFact& field) {
        std::vector<Choice> kept;
        for (const Choice& choice : field.choices) {
            if (was.unions.contains(choice.tag_offset)) {
                kept.push_back(choice);
            } else if (choice.value != 0) {
                return "came into a new union, and not as the first of its members";
            }
        }
        if (kept == old.choices) {
            return "";
        }
        return kept.size() > old.choices.size()   ? "came into a union that was there already"
               : kept.size() < old.choices.size() ? "was taken out of its union"
                                                  : "is another member of its union";
    }

    static bool is_compatible(const Seen& before, const Seen& now, const Type& old, const Type& type) {
        if (old == type) {
            return true;
        }
        if (old.kind != Kind::List || type.kind != Kind::List) {
            return false;
        }
        const Type& from = old.element.front();
        const Type& to = type.element.front();
        if (from.kind == Kind::List || to.kind != Kind::Struct || from.kind == Kind::Bool ||
            from.kind == Kind::Struct) {
            return from.kind == Kind::List && to.kind == Kind::List && is_compatible(before, now, from, to);
        }
        // Numbers or texts became structs whose first field they are.
        const Node* element = now.version->schema.find(to.id);
        if (element == nullptr) {
            return false;
        }
        const auto fields = facts_of(now.version->schema, *element).fields;
        const auto first = fields.find(0);
        return first != fields.end() && first->second.offset == 0 && first->second.type == from;
    }

    void compare_interfaces(const Seen& before, const Seen& now) {
        if (before.node->closed != now.node->closed) {
            report(place(now, ""),
                   fmt::format("{} is {} and was {} in {}",
                               name_of(now),
                               now.node->closed ? "closed" : "open",
                               before.node->closed ? "closed" : "open",
                               before.version->label),
                   "what wraps it was built to the other rule",
                   "leave it as it was");
        }
        const std::set<Id> old_supers(before.node->supers.begin(), before.node->supers.end());
        const std::set<Id> new_supers(now.node->supers.begin(), now.node->supers.end());
        if (old_supers != new_supers) {
            report(place(now, ""),
                   name_of(now) + " extends other interfaces than before",
                   "older objects do not implement what was added, older programs count on what is gone",
                   "make a new interface that extends this one");
        }
        const auto& methods = now.node->methods;
        for (std::size_t i = methods.size(); i < before.node->methods.size(); ++i) {
            report(place(before, before.node->methods[i].name),
                   fmt::format(
                       "{}.{} (@{}) is gone in {}", name_of(now), before.node->methods[i].name, i, now.version->label),
                   kOldPrograms,
                   "leave it, and let it say `unsupported`");
        }
        for (std::size_t i = 0; i < methods.size(); ++i) {
            const bool fresh = i >= before.node->methods.size();
            compare_names(now,
                          hex_id(now.node->id),
                          static_cast<int>(i),
                          methods[i].name,
                          fresh ? "" : before.node->methods[i].name,
                          before);
            fresh ? check_new_method(now, methods[i], i)
                  : compare_methods(before, now, before.node->methods[i], methods[i], i);
        }
    }

    void check_new_method(const Seen& now, const Method& method, std::size_t ordinal) {
        const std::string what = fmt::format("{}.{} (@{})", name_of(now), method.name, ordinal);
        if (now.node->closed) {
            report(place(now, method.name),
                   what + " is added to a closed interface",
                   "what wraps all of its methods would miss one",
                   "make a new interface that extends this one");
        } else if (method.strictness == Strictness::Strict) {
            report(place(now, method.name),
                   what + " is added, and strict",
                   "older objects do not have it",
                   "leave out $strict, and let callers expect `unsupported`");
        }
    }

    void
    compare_methods(const Seen& before, const Seen& now, const Method& old, const Method& method, std::size_t ordinal) {
        compare_strictness(before, now, old.strictness, method.strictness, name_of(now) + "." + method.name);
        const auto record = [](const Seen& seen, Id id) {
            const Node* node = seen.version->schema.find(id);
            return node == nullptr ? StructFact{} : facts_of(seen.version->schema, *node);
        };
        const std::string of = fmt::format("{}.{}", hex_id(now.node->id), ordinal);
        compare_structs(
            before, now, record(before, old.parameters), record(now, method.parameters), method.name + ".", of + "(");
        compare_structs(
            before, now, record(before, old.results), record(now, method.results), method.name + ".", of + ")");
    }

    Places places_;
    std::map<Id, Seen> seen_;                    // the latest version of each
    std::set<Id> gone_;                          // reported as such
    std::map<std::string, Id> ids_;              // by name
    std::map<std::string, NamesHistory> names_;  // by what has the members
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check(const std::vector<Version>& versions) { return Checker().run(versions); }

}  // namespace tessera::schemac
