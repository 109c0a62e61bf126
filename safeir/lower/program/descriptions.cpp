#include "safeir/lower/program/descriptions.h"

#include "safeir/lower/base/imports.h"
#include "safeir/spec/description_mark.h"
#include "safeir/spec/marks.h"
#include "safeir/spec/method_name.h"

#include "llvm/IR/Constants.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace tessera::lower {
namespace {

constexpr llvm::StringLiteral kSection = ".custom_section.tessera.interface.";

std::set<std::string, std::less<>> interfaces_of(const llvm::Module& source) {
    std::set<std::string, std::less<>> interfaces;
    for (const llvm::Function& function : source) {
        llvm::StringRef name = import_module_of(function);
        if (function.hasFnAttribute(safeir::marks::kExport)) {
            name = function.getFnAttribute(safeir::marks::kExport).getValueAsString().split('/').first;
        }
        if (safeir::is_interface_id(std::string_view(name))) {
            interfaces.insert(name.str());
        }
    }
    return interfaces;
}

// The bytes of an array of them. clang writes one that ends in many zeros as two parts.
bool append_bytes(const llvm::Constant& constant, std::string& bytes) {
    if (const auto* data = llvm::dyn_cast<llvm::ConstantDataSequential>(&constant)) {
        bytes += data->getRawDataValues().str();
        return true;
    }
    if (const auto* zeros = llvm::dyn_cast<llvm::ConstantAggregateZero>(&constant)) {
        const auto* array = llvm::dyn_cast<llvm::ArrayType>(zeros->getType());
        if (array != nullptr && array->getElementType()->isIntegerTy(8)) {
            bytes.append(array->getNumElements(), '\0');
            return true;
        }
    }
    const auto* parts = llvm::dyn_cast<llvm::ConstantStruct>(&constant);
    return parts != nullptr && std::ranges::all_of(parts->operands(), [&](const llvm::Use& part) {
               return append_bytes(*llvm::cast<llvm::Constant>(part), bytes);
           });
}

}  // namespace

Descriptions::Descriptions(const llvm::Module& source) {
    for (const llvm::GlobalVariable& global : source.globals()) {
        llvm::StringRef section = global.getSection();
        std::string bytes;
        if (section.consume_front(kSection) && global.hasInitializer() &&
            append_bytes(*global.getInitializer(), bytes)) {
            by_interface_.emplace(section.str(), std::move(bytes));
        }
    }
}

void Descriptions::add_those_of(const llvm::Module& source, llvm::Module& target) const {
    for (const std::string& interface : interfaces_of(source)) {
        const auto found = by_interface_.find(interface);
        if (found == by_interface_.end()) {
            continue;
        }
        auto* content = llvm::ConstantDataArray::getString(
            target.getContext(), std::string(safeir::kDescriptionMark) + found->second, /*AddNull=*/false);
        new llvm::GlobalVariable(target,
                                 content->getType(),
                                 /*isConstant=*/true,
                                 llvm::GlobalValue::InternalLinkage,
                                 content,
                                 "tessera.interface." + interface);
    }
}

}  // namespace tessera::lower
