#include "caps/kernel/arguments.h"

#include "caps/domain.h"
#include "caps/kernel/tables.h"
#include "caps/schema/arguments.kernel.h"
#include "runtime/deferral.h"
#include "runtime/program_heap.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace tessera::caps {
namespace {

struct Granted {
    ObjectHeader* object;
    std::uint64_t interface;  // 0: as the object says
};

// One block of the kernel's own memory, which may outlive the domain: this, the texts (words, then names and values of
// variables in turn, then names of grants), the granted objects, the texts' bytes.
struct alignas(8) Block {
    std::uint32_t words;
    std::uint32_t variables;
    std::uint32_t grants;

    [[nodiscard]] std::size_t text_count() const { return words + std::size_t{2} * variables + grants; }
    [[nodiscard]] std::span<std::string_view> texts() {
        // SAFETY: what create() puts behind.
        return {reinterpret_cast<std::string_view*>(this + 1), text_count()};
    }
    [[nodiscard]] std::span<Granted> objects() {
        return {reinterpret_cast<Granted*>(texts().data() + text_count()), grants};
    }
    [[nodiscard]] std::string_view grant_name(std::uint32_t index) {
        return texts()[words + std::size_t{2} * variables + index];
    }
};
static_assert(sizeof(Block) % alignof(std::string_view) == 0);

ObjectHeader& header_of(const Grant& grant) { return grant.header != nullptr ? *grant.header : grant.object->header(); }

template <typename Each>
void each_text(const DomainSpec& spec, Each each) {
    for (const auto& word : spec.args) {
        each(word);
    }
    for (const auto& [name, value] : spec.env) {
        each(name);
        each(value);
    }
    for (const auto& grant : spec.grants) {
        each(grant.name);
    }
}

std::size_t block_bytes(const DomainSpec& spec) {
    auto bytes = sizeof(Block) + spec.grants.size() * sizeof(Granted);
    each_text(spec, [&](std::string_view text) { bytes += sizeof(std::string_view) + text.size(); });
    return bytes;
}

void fill(Block& block, const DomainSpec& spec) {
    auto texts = block.texts();
    auto objects = block.objects();
    auto* text = reinterpret_cast<char*>(objects.data() + objects.size());
    std::size_t i = 0;
    each_text(spec, [&](std::string_view from) {
        std::memcpy(text, from.data(), from.size());
        new (&texts[i++]) std::string_view(text, from.size());
        text += from.size();
    });
    for (i = 0; i < spec.grants.size(); ++i) {
        objects[i] = {&header_of(spec.grants[i]), spec.grants[i].interface};
        add_reference(*objects[i].object);
    }
}

Block* block_at(std::uint64_t state) {
    // SAFETY: the state of these objects.
    return reinterpret_cast<Block*>(state);
}

void released(std::uint64_t state) {
    auto* block = block_at(state);
    for (const auto& granted : block->objects()) {
        if (drop_reference(*granted.object)) {
            end_object(*granted.object);
        }
    }
    std::free(block);
}

Status give_text(std::string_view text, WriteSlice into, std::uint64_t& length) {
    return give_bytes(std::as_bytes(std::span(text)), into, length);
}

Status count(WordCall& /*call*/, Block& block, std::uint32_t& words, std::uint32_t& variables) {
    words = block.words;
    variables = block.variables;
    return Status::Ok;
}

Status word(WordCall& /*call*/, Block& block, std::uint32_t index, WriteSlice into, std::uint64_t& length) {
    return index < block.words ? give_text(block.texts()[index], into, length) : Status::NotFound;
}

Status variable(WordCall& /*call*/,
                Block& block,
                std::uint32_t index,
                WriteSlice name_into,
                WriteSlice value_into,
                std::uint64_t& name_length,
                std::uint64_t& value_length) {
    if (index >= block.variables) {
        return Status::NotFound;
    }
    const auto pair = block.texts().subspan(block.words + std::size_t{2} * index, 2);
    const auto status = give_text(pair[0], name_into, name_length);
    const auto second = give_text(pair[1], value_into, value_length);
    return status != Status::Ok ? status : second;
}

Status find(WordCall& /*call*/, Block& block, ReadSlice name, WriteSlice into, std::uint64_t& length) {
    constexpr std::size_t kNameBytesMax = 1024;
    std::array<char, kNameBytesMax> wanted;
    if (name.length > wanted.size()) {
        return Status::NotFound;
    }
    if (tessera_copy(wanted.data(), name.bytes, name.length) != 0) {
        return Status::Stale;
    }
    for (std::uint32_t i = 0; i < block.variables; ++i) {
        const auto pair = block.texts().subspan(block.words + std::size_t{2} * i, 2);
        if (pair[0] == std::string_view(wanted.data(), name.length)) {
            return give_text(pair[1], into, length);
        }
    }
    return Status::NotFound;
}

Status grants(WordCall& /*call*/, Block& block, std::uint32_t& count) {
    count = block.grants;
    return Status::Ok;
}

Status grant_name(WordCall& /*call*/, Block& block, std::uint32_t index, WriteSlice into, std::uint64_t& length) {
    return index < block.grants ? give_text(block.grant_name(index), into, length) : Status::NotFound;
}

Status
grant(WordCall& /*call*/, Block& block, std::uint32_t index, std::uint64_t& interface, ObjectHeader*& capability) {
    if (index >= block.grants) {
        return Status::NotFound;
    }
    const auto& granted = block.objects()[index];
    capability = granted.object;
    // Of one that is gone nothing is known any more.
    const bool is_alive = capability->identity.load() != 0;
    interface = !is_alive ? 0 : granted.interface != 0 ? granted.interface : capability->methods->interface;
    return Status::Ok;
}

const KernelTable& arguments_table() {
    static constexpr auto kMethods =
        kernel_methods<schema::Arguments, count, word, variable, find, grants, grant_name, grant>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Arguments::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces, released);
    return table;
}

}  // namespace

std::unique_ptr<ArgumentsObject> ArgumentsObject::create(const DomainSpec& spec, runtime::Account& account) {
    std::unique_ptr<ArgumentsObject> made(new (std::nothrow) ArgumentsObject(account));
    const auto bytes = block_bytes(spec);
    if (made == nullptr || !account.charge(bytes + sizeof(ObjectHeader))) {
        return nullptr;
    }
    made->charged_ = bytes + sizeof(ObjectHeader);
    const runtime::Deferral kernels_own(nullptr);
    auto* block = static_cast<Block*>(runtime::try_allocate(bytes));
    auto* header = block != nullptr ? take_header() : nullptr;
    if (header == nullptr) {
        std::free(block);
        return nullptr;
    }
    *block = {.words = static_cast<std::uint32_t>(spec.args.size()),
              .variables = static_cast<std::uint32_t>(spec.env.size()),
              .grants = static_cast<std::uint32_t>(spec.grants.size())};
    fill(*block, spec);
    header->methods = &arguments_table().table;
    // SAFETY: an address as a number.
    header->state = reinterpret_cast<std::uint64_t>(block);
    add_reference(*header);
    header->identity = new_identity();
    made->header_ = header;
    return made;
}

ArgumentsObject::~ArgumentsObject() {
    if (header_ != nullptr && drop_reference(*header_)) {
        end_object(*header_);
    }
    account_.credit(charged_);
}

}  // namespace tessera::caps
