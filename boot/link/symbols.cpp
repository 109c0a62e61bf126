// pc-finish IN OUT: makes the kernel that boots from the kernel that was linked. The sections and symbols go, and the
// empty last segment gets the table of function names that stack traces use (core/base/symbol_format.h).
#include "core/base/symbol_format.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace tessera;

struct Function {
    std::uint64_t address;
    std::string name;
};

[[noreturn]] void stop(const std::string& message) {
    std::fprintf(stderr, "pc-finish: %s\n", message.c_str());
    std::exit(1);
}

template <typename T>
const T* at(const std::string& file, std::uint64_t offset, std::uint64_t count = 1) {
    if (offset > file.size() || count > (file.size() - offset) / sizeof(T)) {
        stop("the input is cut off");
    }
    return reinterpret_cast<const T*>(file.data() + offset);
}

// The name without template arguments, parameters and return type: what a person looks for.
std::string shorten(std::string_view demangled) {
    std::string out;
    int depth = 0;
    for (std::size_t i = 0; i < demangled.size(); ++i) {
        const char c = demangled[i];
        const std::string_view rest = demangled.substr(i);
        if (depth == 0 && rest.starts_with("operator")) {
            std::size_t end = i + 8;
            while (end < demangled.size() && std::string_view("<>=-+*/%&|^!~[],").contains(demangled[end])) {
                ++end;
            }
            if (rest.starts_with("operator()")) {
                end = i + 10;
            }
            out.append(demangled.substr(i, end - i));
            i = end - 1;
        } else if (rest.starts_with("(anonymous namespace)::")) {
            i += 22;
        } else if (c == '<' || c == '(' || c == '{') {
            if (c == '(' && depth == 0) {
                break;
            }
            ++depth;
        } else if (c == '>' || c == ')' || c == '}') {
            --depth;
        } else if (depth == 0 && c == ' ') {
            out.clear();  // what came before was the return type
        } else if (depth == 0) {
            out.push_back(c);
        }
    }
    return out;
}

std::string readable(const char* symbol) {
    int status = 0;
    char* demangled = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
    std::string name = demangled != nullptr ? shorten(demangled) : symbol;
    std::free(demangled);
    if (name.empty()) {
        name = symbol;
    }
    name.resize(std::min<std::size_t>(name.size(), kSymbolNameMax - 1));
    return name;
}

std::vector<Function> read_functions(const std::string& file) {
    const auto* header = at<Elf64_Ehdr>(file, 0);
    const auto* sections = at<Elf64_Shdr>(file, header->e_shoff, header->e_shnum);
    std::vector<Function> functions;
    for (unsigned i = 0; i < header->e_shnum; ++i) {
        if (sections[i].sh_type != SHT_SYMTAB) {
            continue;
        }
        const Elf64_Shdr& strings = sections[sections[i].sh_link];
        const std::uint64_t count = sections[i].sh_size / sizeof(Elf64_Sym);
        const auto* symbols = at<Elf64_Sym>(file, sections[i].sh_offset, count);
        for (std::uint64_t k = 0; k < count; ++k) {
            const unsigned type = ELF64_ST_TYPE(symbols[k].st_info);
            if ((type == STT_FUNC || type == STT_GNU_IFUNC) && symbols[k].st_value != 0 &&
                symbols[k].st_name < strings.sh_size) {
                functions.push_back({symbols[k].st_value, at<char>(file, strings.sh_offset + symbols[k].st_name)});
            }
        }
    }
    std::ranges::sort(functions, {}, [](const Function& f) { return std::pair(f.address, std::string_view(f.name)); });
    const auto same = std::ranges::unique(functions, {}, &Function::address);
    functions.erase(same.begin(), same.end());
    for (Function& function : functions) {
        function.name = readable(function.name.c_str());
    }
    return functions;
}

void append_number(std::string& out, std::uint64_t value) {
    do {
        const auto byte = static_cast<unsigned char>(value & 0x7f);
        value >>= 7;
        out.push_back(static_cast<char>(value != 0 ? byte | 0x80 : byte));
    } while (value != 0);
}

std::string make_table(const std::vector<Function>& functions) {
    const std::size_t blocks = (functions.size() + kSymbolBlockSize - 1) / kSymbolBlockSize;
    const std::size_t names_start = sizeof(SymbolHeader) + blocks * sizeof(SymbolBlock);
    std::vector<SymbolBlock> index;
    std::string names;
    for (std::size_t i = 0; i < functions.size(); ++i) {
        const Function& function = functions[i];
        const bool first = i % kSymbolBlockSize == 0;
        if (first) {
            index.push_back(
                {static_cast<std::uint32_t>(function.address), static_cast<std::uint32_t>(names_start + names.size())});
        }
        std::size_t shared = 0;
        if (!first) {
            const std::string& previous = functions[i - 1].name;
            while (shared < previous.size() && shared < function.name.size() &&
                   previous[shared] == function.name[shared]) {
                ++shared;
            }
        }
        append_number(names, first ? 0 : function.address - functions[i - 1].address);
        append_number(names, shared);
        append_number(names, function.name.size() - shared);
        names.append(function.name, shared);
    }
    const SymbolHeader header = {kSymbolMagic,
                                 static_cast<std::uint32_t>(names_start + names.size()),
                                 static_cast<std::uint32_t>(blocks),
                                 static_cast<std::uint32_t>(functions.size())};
    std::string table(reinterpret_cast<const char*>(&header), sizeof header);
    table.append(reinterpret_cast<const char*>(index.data()), index.size() * sizeof(SymbolBlock));
    return table + names;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        stop("usage: pc-finish IN OUT");
    }
    std::ifstream input(argv[1], std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(input)), {});
    auto header = *at<Elf64_Ehdr>(file, 0);
    std::vector<Elf64_Phdr> segments;
    segments.reserve(header.e_phnum);
    std::uint64_t end = 0;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        segments.push_back(at<Elf64_Phdr>(file, header.e_phoff)[i]);
    }
    const auto symbols =
        std::ranges::max_element(segments, {}, [](const Elf64_Phdr& s) { return s.p_type == PT_LOAD ? s.p_vaddr : 0; });
    for (const Elf64_Phdr& segment : segments) {
        if (segment.p_type == PT_LOAD && &segment != &*symbols) {
            end = std::max(end, segment.p_offset + segment.p_filesz);
        }
    }
    // The kernel finds its own end through the table's length (core/mem/kernel_map.cpp).
    const std::string table = make_table(read_functions(file));
    const std::uint64_t offset = (end + 4095) / 4096 * 4096 + symbols->p_vaddr % 4096;
    symbols->p_offset = offset;
    symbols->p_filesz = table.size();
    symbols->p_memsz = table.size();
    header.e_shoff = 0;
    header.e_shnum = 0;
    header.e_shstrndx = 0;
    std::string out = file.substr(0, end);
    out.resize(offset);
    out += table;
    std::memcpy(out.data(), &header, sizeof header);
    std::memcpy(out.data() + header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr));
    std::ofstream output(argv[2], std::ios::binary);
    output.write(out.data(), static_cast<std::streamsize>(out.size()));
    output.close();
    if (!output) {
        stop(std::string("can't write ") + argv[2]);
    }
    return 0;
}
