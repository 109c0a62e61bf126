#include "safeir/lower/program/descriptions.h"

#include "safeir/lower/base/imports.h"
#include "safeir/spec/description_mark.h"
#include "safeir/spec/marks.h"
#include "safeir/spec/method_name.h"

#include "llvm/IR/Constants.h"

#include <set>

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

}  // namespace

Descriptions::Descriptions(const llvm::Module& source) {
    for (const llvm::GlobalVariable& global : source.globals()) {
        llvm::StringRef section = global.getSection();
        const auto* bytes =
            global.hasInitializer() ? llvm::dyn_cast<llvm::ConstantDataSequential>(global.getInitializer()) : nullptr;
        if (section.consume_front(kSection) && bytes != nullptr) {
            by_interface_.emplace(section.str(), bytes->getRawDataValues().str());
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
