#include "safeir/write/write_program.h"

#include "safeir/prove/prove_module.h"
#include "safeir/read/read_program.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"
#include "safeir/write/function_writer.h"
#include "safeir/write/split_switches.h"

#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace tessera::safeir {
namespace {

class ProgramWriter {
  public:
    ProgramWriter(llvm::Module& module, const ProgramImage& image) : module_(module), image_(image) {}

    Result<std::vector<std::byte>> write() {
        tidy();
        TRY_VOID(number());
        TRY_VOID(write_functions());
        TRY_VOID(write_tables());
        write_image();
        for (llvm::Function& function : module_) {
            if (!function.isDeclaration()) {
                TRY_TO(ByteWriter body, FunctionWriter(function, tables_, numbers_).write());
                bodies_.emplace_back(&function, std::move(body));
            }
        }
        add_proofs(put_together());
        return put_together();
    }

  private:
    // Nothing may follow a trap, and no switch is too large.
    void tidy() {
        for (llvm::Function& function : module_) {
            llvm::SmallVector<llvm::Instruction*, 8> traps;
            for (llvm::BasicBlock& block : function) {
                for (llvm::Instruction& instruction : block) {
                    auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
                    const auto id = call != nullptr ? call->getIntrinsicID() : llvm::Intrinsic::not_intrinsic;
                    if ((id == llvm::Intrinsic::trap || id == llvm::Intrinsic::ubsantrap) &&
                        !llvm::isa<llvm::UnreachableInst>(instruction.getNextNode())) {
                        traps.push_back(&instruction);
                        break;
                    }
                }
            }
            for (llvm::Instruction* trap : traps) {
                llvm::changeToUnreachable(trap->getNextNode());
            }
            if (!function.isDeclaration()) {
                llvm::removeUnreachableBlocks(function);
                split_switches(function);
            }
        }
    }

    Result<void> number() {
        for (llvm::Function& function : module_) {
            if (function.isIntrinsic() || (function.use_empty() && function.isDeclaration())) {
                continue;
            }
            if (!function.isDeclaration()) {
                const auto index = static_cast<std::uint32_t>(numbers_.functions.size());
                numbers_.functions[&function] = index;
            } else if (const auto import = imported_name(function)) {
                const auto signature = tables_.signature(function);
                if (!signature) {
                    return fail(
                        Blame::Program,
                        fmt::format("import '{}' has a type that safe IR has no form for", function.getName().str()));
                }
                const auto index = static_cast<std::uint32_t>(numbers_.imports.size());
                numbers_.imports[&function] = index;
                imports_.varint(tables_.string(*import));
                imports_.varint(*signature);
            }
        }
        for (llvm::GlobalVariable& global : module_.globals()) {
            auto& numbers =
                global.getName().starts_with("tessera.ftable.") ? numbers_.function_tables : numbers_.data_tables;
            const auto index = static_cast<std::uint32_t>(numbers.size());
            numbers[&global] = index;
        }
        return {};
    }

    Result<void> write_functions() {
        const bool has_debug_information = std::ranges::any_of(
            module_, [](const llvm::Function& function) { return function.getSubprogram() != nullptr; });
        for (llvm::Function& function : module_) {
            if (function.isDeclaration()) {
                continue;
            }
            const auto signature = tables_.signature(function);
            if (!signature) {
                return fail(
                    Blame::Program,
                    fmt::format("function '{}' has a type that safe IR has no form for", function.getName().str()));
            }
            functions_.varint(tables_.string(function.getName()));
            functions_.varint(*signature);
            const bool exported = function.hasFnAttribute(marks::kExport);
            functions_.varint(exported ? tables_.string(function.getFnAttribute(marks::kExport).getValueAsString()) + 1
                                       : 0);
            functions_.varint(has_debug_information ? tables_.scope_of(function) + 1 : 0);
        }
        return {};
    }

    Result<void> write_tables() {
        for (llvm::GlobalVariable& global : module_.globals()) {
            if (!numbers_.function_tables.contains(&global)) {
                auto* data = global.hasInitializer() ? llvm::dyn_cast<llvm::ConstantDataArray>(global.getInitializer())
                                                     : nullptr;
                if (data == nullptr || !global.isConstant()) {
                    return fail(Blame::Program,
                                fmt::format("global '{}' is no constant table of bytes", global.getName().str()));
                }
                data_tables_.text(data->getRawDataValues());
                continue;
            }
            auto* array = llvm::cast<llvm::ArrayType>(global.getValueType());
            const auto slots = static_cast<std::uint32_t>(array->getNumElements());
            std::vector<std::pair<std::uint32_t, llvm::Function*>> entries;
            for (std::uint32_t i = 0; i < slots; ++i) {
                if (auto* function = llvm::dyn_cast<llvm::Function>(global.getInitializer()->getAggregateElement(i))) {
                    entries.emplace_back(i, function);
                }
            }
            const auto signature = entries.empty() ? std::nullopt : tables_.signature(*entries.front().second);
            if (!signature || !std::has_single_bit(slots)) {
                return fail(Blame::Program,
                            fmt::format("function table '{}' is empty or not of 2^n entries", global.getName().str()));
            }
            function_tables_.varint(*signature);
            function_tables_.varint(static_cast<std::uint64_t>(std::countr_zero(slots)));
            function_tables_.varint(entries.size());
            for (const auto& [slot, function] : entries) {
                function_tables_.varint(slot);
                function_tables_.varint(numbers_.functions.at(function));
            }
        }
        return {};
    }

    void write_image() {
        rest_.varint(image_.memory_initial_bytes);
        rest_.varint(image_.memory_max_bytes);
        rest_.varint(image_.stack_top);
        rest_.varint(image_.stack_bottom);
        rest_.varint(image_.segments.size());
        for (const ProgramImage::Segment& segment : image_.segments) {
            rest_.varint(segment.offset);
            rest_.varint(segment.bytes.size());
            rest_.bytes(std::as_bytes(std::span(segment.bytes)));
        }
        rest_.varint(image_.cap_tables.size());
        for (const ProgramImage::CapTable& table : image_.cap_tables) {
            rest_.varint(table.initial);
            rest_.varint(table.max);
        }
    }

    // Of exactly what will be read: proofs speak of the module that the reader makes.
    void add_proofs(const std::vector<std::byte>& file) {
        const auto program = read_program(file, {});
        if (!program) {
            return;  // will be refused for that
        }
        const ModuleProofs proofs(program->functions);
        for (auto& [function, body] : bodies_) {
            const llvm::Function* read = program->module->getFunction(function->getName());
            if (const std::vector<std::byte>* proof = read != nullptr ? proofs.of(*read) : nullptr) {
                body.bytes(*proof);
            }
        }
    }

    std::vector<std::byte> put_together() {
        ByteWriter content;
        tables_.write_strings(content);
        tables_.write_types(content);
        tables_.write_constants(content);
        tables_.write_signatures(content);
        content.varint(numbers_.imports.size());
        content.bytes(imports_.data());
        tables_.write_debug(content);
        content.varint(numbers_.functions.size());
        content.bytes(functions_.data());
        content.varint(numbers_.function_tables.size());
        content.bytes(function_tables_.data());
        content.varint(numbers_.data_tables.size());
        content.bytes(data_tables_.data());
        content.bytes(rest_.data());
        for (const auto& [function, body] : bodies_) {
            content.varint(body.size());
            content.bytes(body.data());
        }
        ByteWriter file;
        for (const std::uint8_t byte : wire::kMagic) {
            file.byte(byte);
        }
        file.fixed(wire::kVersion);
        file.fixed(std::uint64_t{wire::kHeaderBytes} + content.size());
        file.bytes(content.data());
        return file.data();
    }

    llvm::Module& module_;
    const ProgramImage& image_;
    ModuleTables tables_;
    ModuleNumbers numbers_;
    ByteWriter imports_;
    ByteWriter functions_;
    ByteWriter function_tables_;
    ByteWriter data_tables_;
    ByteWriter rest_;
    std::vector<std::pair<const llvm::Function*, ByteWriter>> bodies_;
};

}  // namespace

Result<std::vector<std::byte>> write_program(llvm::Module& module, const ProgramImage& image) {
    return ProgramWriter(module, image).write();
}

}  // namespace tessera::safeir
