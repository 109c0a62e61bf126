#include "safeir/load/line_table.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ELFObjectFile.h"

#include <algorithm>
#include <map>

namespace tessera::safeir {
namespace {

struct FunctionStart {
    std::uint64_t section;
    std::uint64_t address;
    std::uint32_t function;
};

std::vector<FunctionStart> function_starts(const llvm::object::ObjectFile& object) {
    std::vector<FunctionStart> starts;
    for (const auto& symbol : object.symbols()) {
        auto name = symbol.getName();
        auto section = symbol.getSection();
        auto address = symbol.getAddress();
        if (!name || !section || !address || *section == object.section_end()) {
            llvm::consumeError(name.takeError());
            llvm::consumeError(section.takeError());
            llvm::consumeError(address.takeError());
            continue;
        }
        if (const auto index = function_index(*name)) {
            starts.push_back({(*section)->getIndex(), *address, *index});
        }
    }
    std::ranges::sort(starts, [](const FunctionStart& a, const FunctionStart& b) {
        return std::tie(a.section, a.address) < std::tie(b.section, b.address);
    });
    return starts;
}

class Builder {
  public:
    explicit Builder(const llvm::object::ObjectFile& object) : starts_(function_starts(object)) {}

    void add_unit(llvm::DWARFContext& context, llvm::DWARFUnit& unit) {
        auto parsed =
            context.getLineTableForUnit(&unit, [](llvm::Error error) { llvm::consumeError(std::move(error)); });
        if (!parsed || *parsed == nullptr) {
            llvm::consumeError(parsed.takeError());
            return;
        }
        for (const auto& row : (*parsed)->Rows) {
            if (row.EndSequence || row.Line == 0) {
                continue;  // line 0: the compiler's own code, which keeps the line before it
            }
            add_row(**parsed, row);
        }
    }

    LineTable take() {
        std::ranges::sort(numbered_, [](const Numbered& a, const Numbered& b) {
            return std::tie(a.row.function, a.row.offset, a.order) < std::tie(b.row.function, b.row.offset, b.order);
        });
        // Several rows of one address: the last one counts.
        std::vector<LineTable::Row> rows;
        for (const auto& [row, order] : numbered_) {
            if (!rows.empty() && rows.back().function == row.function && rows.back().offset == row.offset) {
                rows.back() = row;
            } else if (rows.empty() || rows.back().function != row.function || rows.back().file != row.file ||
                       rows.back().line != row.line) {
                rows.push_back(row);
            }
        }
        table_.rows = std::move(rows);
        return std::move(table_);
    }

  private:
    void add_row(const llvm::DWARFDebugLine::LineTable& lines, const llvm::DWARFDebugLine::Row& row) {
        const auto key = std::pair{row.Address.SectionIndex, row.Address.Address};
        auto start = std::partition_point(starts_.begin(), starts_.end(), [&](const FunctionStart& s) {
            return std::pair{s.section, s.address} <= key;
        });
        if (start == starts_.begin() || (--start)->section != row.Address.SectionIndex) {
            return;
        }
        std::string file;
        if (!lines.getFileNameByIndex(
                row.File, "", llvm::DILineInfoSpecifier::FileLineInfoKind::RelativeFilePath, file)) {
            return;
        }
        const auto [entry, added] = file_indices_.try_emplace(file, static_cast<std::uint32_t>(table_.files.size()));
        if (added) {
            table_.files.push_back(file);
        }
        numbered_.push_back({{start->function,
                              static_cast<std::uint32_t>(row.Address.Address - start->address),
                              entry->second,
                              row.Line},
                             numbered_.size()});
    }

    struct Numbered {
        LineTable::Row row;
        std::size_t order;
    };
    std::vector<FunctionStart> starts_;
    std::vector<Numbered> numbered_;
    std::map<std::string, std::uint32_t> file_indices_;
    LineTable table_;
};

}  // namespace

std::optional<LineTable::Place> LineTable::find(std::uint32_t function, std::uint32_t offset) const {
    const auto key = std::pair{function, offset};
    auto row = std::partition_point(
        rows.begin(), rows.end(), [&](const Row& r) { return std::pair{r.function, r.offset} <= key; });
    if (row == rows.begin() || (--row)->function != function || row->file >= files.size()) {
        return std::nullopt;
    }
    return Place{&files[row->file], row->line};
}

std::optional<std::uint32_t> function_index(llvm::StringRef symbol) {
    std::uint32_t index = 0;
    if (!symbol.consume_front("f.") || symbol.getAsInteger(10, index)) {
        return std::nullopt;
    }
    return index;
}

LineTable read_line_table(llvm::StringRef elf) {
    auto object = llvm::object::ObjectFile::createELFObjectFile({elf, "program"});
    if (!object) {
        llvm::consumeError(object.takeError());
        return {};
    }
    const auto ignore = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
    const auto context = llvm::DWARFContext::create(
        **object, llvm::DWARFContext::ProcessDebugRelocations::Process, nullptr, "", ignore, ignore);
    Builder builder(**object);
    for (const auto& unit : context->compile_units()) {
        builder.add_unit(*context, *unit);
    }
    return builder.take();
}

void drop_debug_sections(llvm::SmallVectorImpl<char>& elf) {
    using Header = llvm::ELF::Elf64_Ehdr;
    using Section = llvm::ELF::Elf64_Shdr;
    Header header;
    std::memcpy(&header, elf.data(), sizeof header);
    std::vector<Section> sections(header.e_shnum);
    std::memcpy(sections.data(), elf.data() + header.e_shoff, sections.size() * sizeof(Section));
    const auto names = sections[header.e_shstrndx];
    llvm::SmallVector<char, 0> smaller(elf.begin(), elf.begin() + sizeof(Header));
    for (auto& section : sections) {
        const llvm::StringRef name(elf.data() + names.sh_offset + section.sh_name);
        if (name.starts_with(".debug") || name.starts_with(".rela.debug")) {
            section.sh_type = llvm::ELF::SHT_NULL;
            section.sh_flags = 0;
            section.sh_offset = section.sh_size = section.sh_link = section.sh_info = 0;
            continue;
        }
        if (section.sh_type == llvm::ELF::SHT_NULL || section.sh_type == llvm::ELF::SHT_NOBITS) {
            continue;
        }
        const auto align = std::max<std::uint64_t>(section.sh_addralign, 1);
        smaller.resize((smaller.size() + align - 1) / align * align, 0);
        const auto* bytes = elf.data() + section.sh_offset;
        section.sh_offset = smaller.size();
        smaller.append(bytes, bytes + section.sh_size);
    }
    smaller.resize((smaller.size() + 7) / 8 * 8, 0);
    header.e_shoff = smaller.size();
    std::memcpy(smaller.data(), &header, sizeof header);
    // SAFETY: section headers as bytes.
    const auto* table = reinterpret_cast<const char*>(sections.data());
    smaller.append(table, table + sections.size() * sizeof(Section));
    elf.swap(smaller);
}

}  // namespace tessera::safeir
